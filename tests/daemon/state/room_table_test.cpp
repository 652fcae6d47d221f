// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_table.hpp"

#include <sys/stat.h>

#include <array>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/state/room_log.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kSessions = 5000;  // more than one word of the summary has bits for
constexpr Geometry kGeometry{
    .sessions = kSessions, .ring_bytes = 16384, .rooms = 5, .room_ring_bytes = 65536};
constexpr Slot kAda{70};

class RoomTableTest : public test::StateFixture {
 protected:
  RoomTableTest() : StateFixture{kGeometry} {}

  RoomPlace make(std::uint32_t row, std::uint32_t id, std::string_view name = "lab") {
    table_.make(RoomIndex{row},
                {.id = RoomId{id}, .name = name, .is_kept = false, .now = {}, .maker = {}});
    table_.settle(RoomIndex{row});
    return table_.place(RoomIndex{row});
  }
  void enter(Slot session, std::size_t at, RoomPlace room) {
    const std::uint64_t tail = state_.room_log(room.index).tail();
    table_.enter(session, at, {.room = room, .start = tail, .change = tail, .window = 1000});
    table_.settle(session, at);
  }
  void say(RoomIndex room, std::string_view text) {
    RoomLog{state_, room}.append(
        {.kind = RecordKind::say, .sender = {}, .name = "ada", .text = text, .time = {}});
  }
  [[nodiscard]] std::vector<std::size_t> in_use(Slot session) const {
    std::vector<std::size_t> all;
    table_.for_each(session, [&](std::size_t at) { all.push_back(at); });
    return all;
  }
  [[nodiscard]] SubscriptionPhase phase(Slot session, std::size_t at) const {
    return table_.subscription(session, at).phase.load();
  }
  // The sessions in a room's bitmap. Expects the summary to have a bit for each word of these that
  // is not 0, and no other bit.
  [[nodiscard]] std::vector<std::uint32_t> members(RoomIndex room) const {
    const auto bitmap = state_.room_members(room);
    std::vector<std::uint32_t> all;
    for (Slot session{}; session < kSessions; ++session) {
      if ((bitmap.sessions[session / 64].load() >> (session % 64) & 1U) != 0) {
        all.push_back(session);
      }
    }
    for (std::size_t word = 0; word < bitmap.sessions.size(); ++word) {
      const bool is_in_summary = (bitmap.summary[word / 64].load() >> (word % 64) & 1U) != 0;
      EXPECT_EQ(is_in_summary, bitmap.sessions[word].load() != 0) << word;
    }
    return all;
  }
  // The memory of the region's file.
  [[nodiscard]] std::uint64_t pages() const {
    struct stat status {};
    EXPECT_EQ(::fstat(region_.get(), &status), 0);
    constexpr std::uint64_t kBlock = 512;  // stat(2)
    return static_cast<std::uint64_t>(status.st_blocks) * kBlock / kPage;
  }

  RoomTable table_{state_};
};

TEST_F(RoomTableTest, AllRowsAreFreeAtFirst) {
  EXPECT_EQ(table_.capacity(), 5U);
  for (std::uint32_t row = 0; row < 5; ++row) {
    EXPECT_EQ(table_.phase(RoomIndex{row}), RoomPhase::free);
    EXPECT_EQ(table_.name(RoomIndex{row}), "");
    EXPECT_THAT(members(RoomIndex{row}), IsEmpty());
  }
  EXPECT_THAT(in_use(kAda), IsEmpty());
  EXPECT_EQ(table_.appending(), std::nullopt);
}

TEST_F(RoomTableTest, MakeFillsTheRowAndBeginsAnEmptyLog) {
  const auto address = test::endpoint("192.0.2.7:1").address;
  Identity identity{};
  identity[0] = std::byte{9};
  table_.make(RoomIndex{2}, {.id = RoomId{7},
                             .name = "Lab 7",
                             .is_kept = true,
                             .now = test::wall_at(std::chrono::seconds{5}),
                             .maker = RoomTable::Making::Maker{
                                 .session = {.slot = kAda, .generation = Generation{3}},
                                 .end = 640,
                                 .identity = identity,
                                 .network = address}});
  EXPECT_EQ(table_.phase(RoomIndex{2}), RoomPhase::making);
  EXPECT_EQ(table_.place(RoomIndex{2}), (RoomPlace{.id = RoomId{7}, .index = RoomIndex{2}}));
  EXPECT_EQ(table_.name(RoomIndex{2}), "Lab 7");
  const RoomSlot& row = table_.slot(RoomIndex{2});
  EXPECT_EQ(row.is_kept, 1U);
  EXPECT_EQ(row.made_wall, 5'000'000);
  EXPECT_EQ(row.maker_slot, kAda);
  EXPECT_EQ(row.maker_generation, 3U);
  EXPECT_EQ(row.maker_end, 640U);
  EXPECT_EQ(row.maker, identity);
  EXPECT_EQ(row.maker_network, address);
  EXPECT_EQ(row.head.log.oldest.load(), first_offset(RoomId{7}));
  EXPECT_EQ(row.head.log.tail.load(), first_offset(RoomId{7}));
  EXPECT_EQ(row.head.next_sequence.load(), 0U);
  table_.settle(RoomIndex{2});
  EXPECT_EQ(table_.phase(RoomIndex{2}), RoomPhase::made);
}

TEST_F(RoomTableTest, ARowHasNothingOfTheRoomBefore) {
  table_.make(RoomIndex{0}, {.id = RoomId{1},
                             .name = "a long name",
                             .is_kept = true,
                             .now = {},
                             .maker = RoomTable::Making::Maker{
                                 .session = {.slot = Slot{1}, .generation = Generation{1}},
                                 .end = 8,
                                 .identity = {std::byte{1}},
                                 .network = {}}});
  table_.settle(RoomIndex{0});
  say(RoomIndex{0}, "hello");
  table_.slot(RoomIndex{0}).empty_since = 5;
  table_.drop(RoomIndex{0});
  make(0, 2, "b");
  const RoomSlot& row = table_.slot(RoomIndex{0});
  EXPECT_EQ(table_.name(RoomIndex{0}), "b");
  EXPECT_EQ(row.is_kept, 0U);
  EXPECT_EQ(row.empty_since, 0);
  EXPECT_EQ(row.maker_end, 0U);
  EXPECT_EQ(row.maker, Identity{});
  EXPECT_EQ(row.head.log.oldest.load(), first_offset(RoomId{2}));
  EXPECT_EQ(row.head.log.tail.load(), first_offset(RoomId{2}));
  EXPECT_EQ(row.head.next_sequence.load(), 0U);
}

TEST_F(RoomTableTest, ANameThatIsTooLongIsCut) {
  make(0, 1, std::string(100, 'x'));
  EXPECT_EQ(table_.name(RoomIndex{0}), std::string(kMaxNameBytes, 'x'));
  for (int i = 0; i < 600; ++i) table_.rename(RoomIndex{0}, std::to_string(i));
  EXPECT_EQ(table_.name(RoomIndex{0}), "599");
}

TEST_F(RoomTableTest, DropKeepsTheIdOfTheRow) {
  make(1, 9);
  table_.drop(RoomIndex{1});
  EXPECT_EQ(table_.phase(RoomIndex{1}), RoomPhase::free);
  EXPECT_EQ(table_.place(RoomIndex{1}).id, RoomId{9});
}

TEST_F(RoomTableTest, DropGivesTheMemoryOfTheLogBack) {
  make(0, 1);
  make(1, 2);
  say(RoomIndex{1}, "stays");
  const std::uint64_t before = pages();
  for (int i = 0; i < 40; ++i) say(RoomIndex{0}, std::string(4000, 'x'));  // round the ring
  EXPECT_EQ(pages(), before + kGeometry.room_ring_bytes / kPage);
  table_.drop(RoomIndex{0});
  EXPECT_EQ(pages(), before);
  const auto records = test::records_of(state_.room_log(RoomIndex{1}));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].text, "stays");
}

TEST_F(RoomTableTest, AFollowerOfADroppedRoomFindsItsBytesOverwritten) {
  make(0, 1);
  const logs::LogMemory log = state_.room_log(RoomIndex{0});
  const Offset first = log.tail();
  say(RoomIndex{0}, "hello");
  const Offset tail = log.tail();
  logs::RecordBuffer buffer;
  logs::LogFollower follower{log, buffer, first};
  table_.drop(RoomIndex{0});
  std::array<std::byte, 8> bytes{};
  EXPECT_TRUE(logs::read_bytes(log, first, bytes).lapped);
  wire::RecordView record{};
  EXPECT_EQ(follower.next(record), logs::LogFollower::Status::lapped);
  EXPECT_EQ(follower.next(record), logs::LogFollower::Status::empty);
  EXPECT_EQ(follower.cursor(), tail);
}

TEST_F(RoomTableTest, TwoRoomsHaveNoOffsetInCommon) {
  constexpr std::uint64_t kSpace = std::uint64_t{1} << kRoomOffsetBits;
  for (const std::uint32_t id : {1U, 2U, 1000U, 0xFF'FFFFU}) {
    EXPECT_EQ(first_offset(RoomId{id}) - first_offset(RoomId{id - 1}), kSpace) << id;
  }
  EXPECT_GE(first_offset(RoomId{1}), kSpace);  // beyond the default room's first ones
}

TEST_F(RoomTableTest, ASessionThatEntersIsNotInTheBitmapYet) {
  const RoomPlace lab = make(1, 7);
  const std::uint64_t tail = state_.room_log(lab.index).tail();
  table_.enter(kAda, 0, {.room = lab, .start = tail, .change = tail, .window = 1000});
  EXPECT_EQ(phase(kAda, 0), SubscriptionPhase::entering);
  EXPECT_THAT(in_use(kAda), ElementsAre(0U));
  EXPECT_TRUE(table_.is_in_use(kAda, 0));
  EXPECT_THAT(members(lab.index), IsEmpty());
  const Subscription& one = table_.subscription(kAda, 0);
  EXPECT_EQ(room_place(one.room.load()), lab);
  EXPECT_EQ(one.change, tail);
  EXPECT_EQ(one.acks.acked, tail);
  EXPECT_EQ(one.acks.window, 1000U);
  EXPECT_EQ(one.acks.holes, 0U);
}

TEST_F(RoomTableTest, BitmapAndSummaryHaveExactlyTheMembers) {
  const RoomPlace lab = make(1, 7);
  const RoomPlace den = make(4, 8);
  const std::array<Slot, 7> sessions{Slot{0},    Slot{63},   Slot{64},           Slot{65},
                                     Slot{4095}, Slot{4096}, Slot{kSessions - 1}};
  for (const Slot session : sessions) enter(session, 0, lab);
  enter(Slot{64}, 1, den);
  EXPECT_THAT(members(lab.index), ::testing::ElementsAreArray(sessions));
  EXPECT_THAT(members(den.index), ElementsAre(64U));
  EXPECT_EQ(phase(Slot{63}, 0), SubscriptionPhase::member);
  table_.settle(Slot{63}, 0);  // again: no change
  EXPECT_THAT(members(lab.index), ::testing::ElementsAreArray(sessions));

  for (const Slot session : sessions) {
    table_.begin_leave(session, 0, 0);
    table_.release(session, 0);
  }
  EXPECT_THAT(members(lab.index), IsEmpty());
  EXPECT_THAT(members(den.index), ElementsAre(64U));
}

TEST_F(RoomTableTest, AWordWithAnotherMemberStaysInTheSummary) {
  const RoomPlace lab = make(0, 1);
  enter(Slot{64}, 0, lab);
  enter(Slot{65}, 0, lab);
  table_.begin_leave(Slot{64}, 0, 0);
  EXPECT_THAT(members(lab.index), ElementsAre(65U));
}

TEST_F(RoomTableTest, ASessionThatLeavesIsNotInTheBitmap) {
  const RoomPlace lab = make(1, 7);
  enter(kAda, 3, lab);
  table_.begin_leave(kAda, 3, 4242);
  EXPECT_EQ(phase(kAda, 3), SubscriptionPhase::leaving);
  EXPECT_EQ(table_.subscription(kAda, 3).change, 4242U);
  EXPECT_EQ(room_place(table_.subscription(kAda, 3).room.load()), lab);
  EXPECT_THAT(in_use(kAda), ElementsAre(3U));
  EXPECT_THAT(members(lab.index), IsEmpty());
}

TEST_F(RoomTableTest, ReleaseFreesTheSubscription) {
  const RoomPlace lab = make(1, 7);
  enter(kAda, 0, lab);
  enter(kAda, 1, make(2, 8));
  table_.begin_leave(kAda, 0, 0);
  table_.release(kAda, 0);
  EXPECT_EQ(phase(kAda, 0), SubscriptionPhase::free);
  EXPECT_EQ(table_.subscription(kAda, 0).room.load(), 0U);
  EXPECT_FALSE(table_.is_in_use(kAda, 0));
  EXPECT_THAT(in_use(kAda), ElementsAre(1U));
  EXPECT_EQ(table_.find(kAda, RoomId{7}), std::nullopt);
  EXPECT_EQ(table_.find(kAda, RoomId{8}), 1U);
}

TEST_F(RoomTableTest, ASubscriptionToARoomThatDoesNotExistHasNoPlace) {
  const RoomPlace lab = make(1, 7);
  enter(kAda, 0, lab);
  ASSERT_EQ(table_.place_of(kAda, 0), lab);
  const auto word = [](std::uint32_t id, std::uint32_t row) {
    return to_word({.id = RoomId{id}, .index = RoomIndex{row}});
  };
  for (const std::uint64_t room : {word(0, 0), word(7, 5), word(7, ~0U), word(8, 1), word(7, 2)}) {
    SCOPED_TRACE(room);
    table_.subscription(kAda, 0).room.store(room);
    EXPECT_EQ(table_.place_of(kAda, 0), std::nullopt);
    EXPECT_EQ(table_.find(kAda, RoomId{7}), std::nullopt);
    EXPECT_EQ(table_.find(kAda, RoomId{8}), std::nullopt);
    table_.begin_leave(kAda, 0, 0);
    table_.settle(kAda, 0);
  }
  EXPECT_THAT(members(lab.index), ElementsAre(kAda));
  table_.subscription(kAda, 0).room.store(to_word(lab));
  table_.begin_drop(lab.index);
  EXPECT_EQ(table_.place_of(kAda, 0), lab);
  table_.drop(lab.index);
  EXPECT_EQ(table_.place_of(kAda, 0), std::nullopt);
}

TEST_F(RoomTableTest, BitsWithoutASubscriptionAreIgnored) {
  state_.native_slots()[kAda].subscriptions.store(1U << 31U);
  EXPECT_THAT(in_use(kAda), IsEmpty());
  EXPECT_EQ(table_.find_free(kAda), 0U);
}

TEST_F(RoomTableTest, FindFreeReturnsTheNextFreeSubscriptionOf31) {
  const RoomPlace lab = make(0, 1);
  for (std::size_t i = 0; i < kSubscriptions; ++i) {
    EXPECT_EQ(table_.find_free(kAda), i);
    enter(kAda, i, lab);
  }
  EXPECT_EQ(table_.find_free(kAda), std::nullopt);
  EXPECT_FALSE(table_.is_in_use(kAda, kSubscriptions));
  for (const std::size_t at : {std::size_t{30}, std::size_t{4}}) {
    table_.begin_leave(kAda, at, 0);
    table_.release(kAda, at);
    EXPECT_EQ(table_.find_free(kAda), at);
  }
  for (std::size_t i = 5; i < 20; ++i) {
    table_.begin_leave(kAda, i, 0);
    table_.release(kAda, i);
  }
  enter(kAda, 18, lab);
  EXPECT_EQ(table_.find_free(kAda), 19U);
  enter(kAda, 19, lab);
  EXPECT_EQ(table_.find_free(kAda), 30U);
  enter(kAda, 30, lab);
  EXPECT_EQ(table_.find_free(kAda), 4U) << "in a circle";
  state_.native_slots()[kAda].next_subscription = ~0U;  // workers can write the field
  EXPECT_EQ(table_.find_free(kAda), 4U);
  EXPECT_EQ(table_.find_free(Slot{kAda + 1}), 0U);
}

TEST_F(RoomTableTest, AcknowledgeChangesOneSubscription) {
  const RoomPlace lab = make(0, 1);
  enter(kAda, 0, lab);
  enter(kAda, 1, make(1, 2));
  const SubscriptionAcks other = table_.subscription(kAda, 1).acks;
  wire::AckFrame ack{};
  ack.stream = wire::kFirstRoomStream;
  ack.cumulative = first_offset(lab.id) + 80;
  ack.window = 5000;
  ack.holes = kSubscriptionHoles + 1;  // more than are stored
  for (std::uint32_t i = 0; i < ack.holes; ++i) ack.hole.at(i) = {.start = 100 * i, .bytes = 50};
  table_.acknowledge(kAda, 0, ack);
  const SubscriptionAcks& acks = table_.subscription(kAda, 0).acks;
  EXPECT_EQ(acks.acked, ack.cumulative);
  EXPECT_EQ(acks.window, 5000U);
  ASSERT_EQ(acks.holes, kSubscriptionHoles);
  for (std::size_t i = 0; i < acks.holes; ++i) EXPECT_EQ(acks.hole.at(i), ack.hole.at(i));
  EXPECT_EQ(table_.subscription(kAda, 1).acks.acked, other.acked);
  EXPECT_EQ(table_.subscription(kAda, 1).acks.window, other.window);
}

TEST_F(RoomTableTest, AppendingIsTheRoomOfTheLastAppend) {
  table_.begin_append(RoomIndex{0});
  EXPECT_EQ(table_.appending(), RoomIndex{0});
  table_.end_append(RoomIndex{0});
  table_.begin_append(RoomIndex{4});
  EXPECT_EQ(table_.appending(), RoomIndex{4});
  // Another process may have written anything.
  state_.room_news().appending.store(6);
  EXPECT_EQ(table_.appending(), std::nullopt);
}

TEST_F(RoomTableTest, EachAppendAddsOneEntryToTheNews) {
  const RoomNews& news = state_.room_news();
  table_.begin_append(RoomIndex{3});
  EXPECT_EQ(news.count.load(), 0U);
  table_.end_append(RoomIndex{3});
  table_.end_append(RoomIndex{1});
  EXPECT_EQ(news.count.load(), 2U);
  EXPECT_EQ(news.room[0].load(), 3U);
  EXPECT_EQ(news.room[1].load(), 1U);
  state_.room_news().count.store(kNewsEntries);
  table_.end_append(RoomIndex{4});
  EXPECT_EQ(news.room[0].load(), 4U);
}

TEST_F(RoomTableTest, ASessionThatIsInNoRoomHasNoMemoryForSubscriptions) {
  (void)table_.find(kAda, RoomId{1});
  const std::uint64_t before = pages();
  EXPECT_EQ(table_.find_free(kAda), 0U);
  EXPECT_EQ(table_.find(kAda, RoomId{1}), std::nullopt);
  EXPECT_THAT(in_use(kAda), IsEmpty());
  EXPECT_EQ(pages(), before);
  enter(kAda, 0, make(0, 1));
  EXPECT_GT(pages(), before);
}

class NoRoomTableTest : public test::StateFixture {};

TEST_F(NoRoomTableTest, WithoutRowsThereIsNoSubscription) {
  const RoomTable table{state_};
  EXPECT_EQ(table.capacity(), 0U);
  EXPECT_EQ(table.find_free(Slot{}), std::nullopt);
  EXPECT_EQ(table.find(Slot{}, RoomId{1}), std::nullopt);
  EXPECT_EQ(table.appending(), std::nullopt);
}

}  // namespace
}  // namespace chatd::state
