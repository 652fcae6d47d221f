// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "common/wire/native/native_record.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/state/mailbox.hpp"
#include "tests/daemon/handover/rooms_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using state::Geometry;
using state::RoomId;
using state::RoomPlace;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr state::Slot kBob{5};
constexpr RoomId kLab{7};
constexpr RoomId kDen{4};
constexpr RoomId kHall{9};   // kept, without members
constexpr RoomId kAttic{2};  // without members

// Ada is in the lab and in the den, bob is in the lab.
class SnapshotRoomsReadTest : public RoomsRegion {
 protected:
  SnapshotRoomsReadTest() {
    add_member(kAda, "ada");
    add_member(kBob, "bob");
    make(0, 2, "Attic");
    const RoomPlace lab = make(1, 7, "Lab");
    const RoomPlace den = make(2, 4, "den");
    make(3, 9, "hall", true);
    enter(kAda, 0, lab);
    enter(kBob, 30, lab);
    enter(kAda, 3, den);
    append(lab, state::RecordKind::say, kAda, "hello");
    append(den, state::RecordKind::say, kAda, "alone");
  }
};

// The records `left` in a member's mailbox, as "STREAM ROOM NAME REASON".
std::vector<std::string> left_in(const RoomsRegion& region, state::Slot slot) {
  std::vector<std::string> all;
  for (const auto& record : test::mailbox_records(region.state_, slot)) {
    if (record.kind != wire::RecordKind::left) continue;
    const auto left = wire::read_left(record.text).value();
    all.push_back(std::to_string(left.stream) + ' ' + std::to_string(left.room) + ' ' +
                  record.name + ' ' + std::string{left.reason});
  }
  return all;
}

// The part of a snapshot that is about rooms.
json rooms_in(json snapshot) {
  json part{{"rooms", snapshot.at("rooms")}, {"last_room", snapshot.at("last_room")}};
  for (const json& member : snapshot.at("sessions")) {
    part["members"].push_back(member.at("session").at("rooms"));
  }
  return part;
}

TEST_F(SnapshotRoomsReadTest, EveryRoomAndSubscriptionIsRestored) {
  for (const std::uint32_t rows : {4U, 1000U}) {
    RoomsRegion next{
        {.sessions = 100, .ring_bytes = 65536, .rooms = rows, .room_ring_bytes = 32768}};
    const auto restored = next.read(written());
    ASSERT_TRUE(restored) << restored.error().message();
    EXPECT_EQ(restored->rooms, 4U);
    EXPECT_EQ(restored->rooms_left_out, 0U);
    for (const RoomId id : {kLab, kDen, kHall, kAttic}) {
      SCOPED_TRACE(static_cast<std::uint32_t>(id));
      ASSERT_TRUE(next.row_of(id));
      EXPECT_EQ(next.rooms().name(*next.row_of(id)), rooms().name(row_of(id).value()));
      EXPECT_EQ(next.lines_of(id), lines_of(id));
      EXPECT_EQ(next.members_of(id), members_of(id));
    }
    EXPECT_EQ(next.rooms().find(kBob, kLab), 30U);
    EXPECT_EQ(next.rooms().find(kAda, kDen), 3U);
    EXPECT_EQ(next.rooms().find(kBob, kDen), std::nullopt);
  }
}

TEST_F(SnapshotRoomsReadTest, ARestoredServiceWritesTheSameRooms) {
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  RoomsRegion last;
  ASSERT_TRUE(last.read(next.written()));
  EXPECT_EQ(rooms_in(last.written()), rooms_in(next.written()));
  json sorted = rooms_in(written());
  // The order of rows can change: rooms that are kept come first.
  const auto by_id = [](const json& a, const json& b) { return a.at("id") < b.at("id"); };
  std::sort(sorted["rooms"].begin(), sorted["rooms"].end(), by_id);
  json other = rooms_in(next.written());
  std::sort(other["rooms"].begin(), other["rooms"].end(), by_id);
  EXPECT_EQ(other, sorted);
}

TEST_F(SnapshotRoomsReadTest, ASnapshotFromBeforeRoomsHasNone) {
  json old = written();
  for (const char* name : {"rooms", "last_room", "appending"}) old.erase(name);
  for (json& member : old.at("sessions")) member.at("session").erase("rooms");
  RoomsRegion next;
  const auto restored = next.read(old);
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ(restored->sessions, 2U);
  EXPECT_EQ(restored->rooms, 0U);
  EXPECT_TRUE(next.written().at("rooms").empty());
}

TEST_F(SnapshotRoomsReadTest, OfFewerRowsKeptRoomsAndThoseWithMembersHaveOne) {
  const auto ids_with = [&](std::uint32_t rows) {
    RoomsRegion next{{.sessions = 8, .ring_bytes = 16384, .rooms = rows, .room_ring_bytes = 16384}};
    const auto restored = next.read(written());
    EXPECT_TRUE(restored);
    EXPECT_EQ(restored->rooms, rows);
    EXPECT_EQ(restored->rooms_left_out, 4 - rows);
    std::vector<RoomId> ids;
    for (const RoomId id : {kAttic, kDen, kLab, kHall}) {
      if (next.row_of(id)) ids.push_back(id);
    }
    return ids;
  };
  EXPECT_THAT(ids_with(3), ElementsAre(kDen, kLab, kHall));
  EXPECT_THAT(ids_with(2), ElementsAre(kLab, kHall));
  EXPECT_THAT(ids_with(1), ElementsAre(kHall));
}

TEST_F(SnapshotRoomsReadTest, AMemberOfARoomThatIsLeftOutGetsALeftRecord) {
  RoomsRegion next{{.sessions = 8, .ring_bytes = 16384, .rooms = 2, .room_ring_bytes = 16384}};
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.rooms().find(kAda, kDen), std::nullopt);
  EXPECT_EQ(next.rooms().find(kAda, kLab), 0U);
  const auto records = test::mailbox_records(next.state_, kAda);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].kind, wire::RecordKind::left);
  EXPECT_EQ(records[0].name, "den");
  const auto left = wire::read_left(records[0].text);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->stream, wire::kFirstRoomStream + 3);
  EXPECT_EQ(left->room, static_cast<std::uint32_t>(kDen));
  EXPECT_THAT(records[0].text, HasSubstr("no space for another room"));
  EXPECT_THAT(test::mailbox_records(next.state_, kBob), IsEmpty());
}

TEST_F(SnapshotRoomsReadTest, AServiceWithoutRoomsKeepsTheHighestId) {
  RoomsRegion none{{.sessions = 8, .ring_bytes = 16384}};
  const auto restored = none.read(written());
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->sessions, 2U);
  EXPECT_EQ(restored->rooms_left_out, 4U);
  EXPECT_EQ(none.state_.native_slots()[kAda].subscriptions.load(), 0U);
  RoomsRegion next;
  ASSERT_TRUE(next.read(none.written()));
  EXPECT_EQ(next.state_.keeping().last_room, 9U);
}

TEST_F(SnapshotRoomsReadTest, OfALogThatIsTooLongTheEndIsKept) {
  const RoomPlace lab{.id = kLab, .index = row_of(kLab).value()};
  RoomsRegion large{{.sessions = 8, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 65536}};
  ASSERT_TRUE(large.read(written()));
  const RoomPlace larges{.id = kLab, .index = large.row_of(kLab).value()};
  for (int i = 0; i < 150; ++i) {
    large.append(larges, state::RecordKind::say, kAda, std::to_string(i) + std::string(300, 'x'));
  }
  RoomsRegion small;
  ASSERT_TRUE(small.read(large.written()));
  const auto all = large.lines_of(kLab);
  const auto end = small.lines_of(kLab);
  ASSERT_GT(end.size(), 30U);
  ASSERT_LT(end.size(), 60U);
  EXPECT_TRUE(std::equal(end.rbegin(), end.rend(), all.rbegin()));
  const RoomPlace smalls{.id = kLab, .index = small.row_of(kLab).value()};
  EXPECT_EQ(small.state_.room_log(smalls.index).tail(), large.state_.room_log(larges.index).tail());
  // The log grows on.
  small.append(smalls, state::RecordKind::say, kAda, "more");
  EXPECT_EQ(small.lines_of(kLab).back(), "ada: more");
  EXPECT_EQ(lines_of(lab.id).size(), 3U);
}

TEST_F(SnapshotRoomsReadTest, AMemberThatIsLeftOutLeavesItsRooms) {
  RoomsRegion next{{.sessions = 4, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 16384}};
  const auto restored = next.read(written());
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->left_out, 1U);  // bob
  EXPECT_THAT(next.members_of(kLab), ElementsAre(kAda));
  const auto records = test::records_of(next.state_.room_log(next.row_of(kLab).value()));
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[3].kind, wire::RecordKind::leave);
  EXPECT_EQ(records[3].name, "bob");
  EXPECT_EQ(records[3].sender->slot, kBob);
}

// The others know no name of a member that was counted.
TEST_F(SnapshotRoomsReadTest, ACountedMemberThatIsLeftOutIsCounted) {
  state_.slots()[kBob].is_counted_join = 1;
  const auto lab_row = row_of(kLab).value();
  const RoomPlace lab{.id = kLab, .index = lab_row};
  state_.subscriptions(kBob)[*rooms().find(kBob, lab.id)].is_counted_join = 1;
  count_join(state_.room_slot(lab_row).head.crowd, 4);
  count_leave(state_.room_head().crowd);
  RoomsRegion next{{.sessions = 4, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 16384}};
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.lines_of(kLab), lines_of(kLab));
  EXPECT_EQ(untold(next.state_.room_slot(next.row_of(kLab).value()).head),
            (wire::Crowd{.joined = 4, .left = 1}));
  EXPECT_TRUE(test::records_of(next.state_).empty());
  EXPECT_EQ(untold(next.state_.room_head()), (wire::Crowd{.left = 2}));
}

TEST_F(SnapshotRoomsReadTest, AMemberStaysCounted) {
  state_.slots()[kAda].is_counted_join = 1;
  const std::size_t at = *rooms().find(kAda, kLab);
  state_.subscriptions(kAda)[at].is_counted_join = 1;
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.state_.slots()[kAda].is_counted_join, 1);
  EXPECT_EQ(next.state_.subscriptions(kAda)[at].is_counted_join, 1);
}

// The gateway was killed while bob left the server, before he left the lab, and no other gateway
// started.
TEST_F(SnapshotRoomsReadTest, AMemberThatWasLeavingTheServerLeavesItsRooms) {
  begin_leave(kBob);
  for (const bool has_record : {false, true}) {
    SCOPED_TRACE(has_record);
    if (has_record) append_leave(kBob);
    RoomsRegion next;
    const auto restored = next.read(written());
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->sessions, 1U);
    EXPECT_THAT(next.members_of(kLab), ElementsAre(kAda));
    const auto lab = test::records_of(next.state_.room_log(next.row_of(kLab).value()));
    EXPECT_EQ(lab.back().kind, wire::RecordKind::leave);
    EXPECT_EQ(lab.back().name, "bob");
    EXPECT_EQ(lab.back().sender->slot, kBob);
    EXPECT_EQ(next.lines_of(kDen), lines_of(kDen));
    // The default room has one leave record in both cases.
    EXPECT_EQ(test::records_of(next.state_).size(), 1U);
  }
}

// Bob is in the lab with another program, which is restored.
TEST_F(SnapshotRoomsReadTest, AMemberDoesNotLeaveARoomThatItIsInWithAnotherProgram) {
  constexpr state::Slot kBobsOther{6};
  add_member(kBobsOther, "bob");
  enter(kBobsOther, 2, {.id = kLab, .index = row_of(kLab).value()});
  begin_leave(kBob);
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_THAT(next.members_of(kLab), ElementsAre(kAda, kBobsOther));
  EXPECT_EQ(next.lines_of(kLab), lines_of(kLab));
  EXPECT_TRUE(test::records_of(next.state_).empty()) << "no leave in the default room";
}

// Both of bob's programs leave: the other members see one leave.
TEST_F(SnapshotRoomsReadTest, AMemberWithoutAnyProgramLeavesOnce) {
  constexpr state::Slot kBobsOther{6};
  add_member(kBobsOther, "bob");
  enter(kBobsOther, 2, {.id = kLab, .index = row_of(kLab).value()});
  begin_leave(kBob);
  begin_leave(kBobsOther);
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.lines_of(kLab).size(), lines_of(kLab).size() + 1);
  EXPECT_EQ(test::records_of(next.state_).size(), 1U);
}

// The gateway was killed behind the leave record of the member, which is that of its last program.
TEST_F(SnapshotRoomsReadTest, AMemberWhoseLeaveIsInTheLogDoesNotLeaveAgain) {
  constexpr state::Slot kBobsOther{6};
  add_member(kBobsOther, "bob");
  begin_leave(kBob, true);
  begin_leave(kBobsOther);
  for (const bool has_record : {false, true}) {
    SCOPED_TRACE(has_record);
    if (has_record) append_leave(kBobsOther);
    RoomsRegion next;
    ASSERT_TRUE(next.read(written()));
    EXPECT_EQ(test::records_of(next.state_).size(), 1U);
    EXPECT_EQ(next.lines_of(kLab).size(), lines_of(kLab).size() + 1) << "bob was in the lab";
  }
}

TEST_F(SnapshotRoomsReadTest, TheNumberOfTheNextSubscriptionIsKept) {
  const RoomPlace hall{.id = kHall, .index = row_of(kHall).value()};
  enter(kBob, 20, hall);
  begin_leave(kBob, 20, hall);
  append(hall, state::RecordKind::leave, kBob, {});
  rooms().release(kBob, 20);
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.rooms().find_free(kBob), 21U);
  EXPECT_EQ(next.rooms().find_free(kAda), rooms().find_free(kAda));
}

TEST_F(SnapshotRoomsReadTest, TheRoomOfTheLastAppendIsKnown) {
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(next.rooms().appending(), next.row_of(kDen));
  json other = written();
  other["appending"] = 99;
  RoomsRegion without;
  ASSERT_TRUE(without.read(other));
  EXPECT_EQ(without.rooms().appending(), std::nullopt);
}

TEST_F(SnapshotRoomsReadTest, AMemberThatWasRemovedGetsALeftRecord) {
  const RoomPlace lab{.id = kLab, .index = row_of(kLab).value()};
  const RoomPlace den{.id = kDen, .index = row_of(kDen).value()};
  begin_leave(kAda, 0, lab, state::SubscriptionPhase::removing);
  append(lab, state::RecordKind::kick, kAda, "noise");
  rooms().begin_drop(den.index);
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_THAT(next.members_of(kLab), ElementsAre(kBob));
  EXPECT_EQ(next.lines_of(kLab).back(), "ada: noise") << "no leave record behind the kick";
  EXPECT_FALSE(next.row_of(kDen));
  EXPECT_EQ(next.state_.native_slots()[kAda].subscriptions.load(), 0U);
  EXPECT_THAT(left_in(next, kAda), ElementsAre("2 7 Lab removed", "5 4 den removed"));
  EXPECT_THAT(left_in(next, kBob), IsEmpty());
}

// The mailbox is filled as by daemon/chat/mailboxes: the space for the records `left` is free.
TEST_F(SnapshotRoomsReadTest, AFullMailboxTakesALeftRecordForEachRoom) {
  RoomsRegion full{{.sessions = 8, .ring_bytes = 16384, .rooms = 31, .room_ring_bytes = 16384}};
  full.add_member(kAda, "ada");
  for (std::uint32_t i = 0; i < state::kSubscriptions; ++i) {
    full.enter(kAda, i, full.make(i, i + 1, "room" + std::to_string(i)));
  }
  state::Mailbox mailbox{full.state_, kAda};
  for (const std::size_t size : {900U, 1U}) {
    const std::string text(size, 'x');
    const logs::Entry entry{
        .kind = state::RecordKind::direct, .sender = {}, .name = {}, .text = text, .time = kThen};
    const std::size_t kept = mailbox.rooms() * state::kLeftBytes;
    while (mailbox.has_space(logs::record_size(entry) + kept)) ASSERT_TRUE(mailbox.append(entry));
  }
  full.rooms().begin_drop(state::RoomIndex{30});
  for (const std::uint32_t rows : {0U, 5U}) {
    RoomsRegion next{{.sessions = 8, .ring_bytes = 16384, .rooms = rows, .room_ring_bytes = 16384}};
    ASSERT_TRUE(next.read(full.written()));
    EXPECT_EQ(left_in(next, kAda).size(), state::kSubscriptions - rows);
    EXPECT_EQ((state::Mailbox{next.state_, kAda}.rooms()), rows);
  }
}

TEST_F(SnapshotRoomsReadTest, ImpossibleValuesAreRefused) {
  const json good = written();
  const auto refuses = [&](const std::function<void(json & room, json & adas)>& change) {
    json bad = good;
    change(bad["rooms"][1], bad["sessions"][0]["session"]["rooms"][0]);
    return !RoomsRegion{}.read(bad).has_value();
  };
  ASSERT_EQ(good["rooms"][1]["id"], 7);
  ASSERT_EQ(good["sessions"][0]["session"]["rooms"][0]["room"], 7);
  ASSERT_FALSE(refuses([](json&, json&) {}));
  const std::uint64_t first = first_offset(kLab);
  const std::uint64_t tail = state_.room_log(row_of(kLab).value()).tail();
  EXPECT_TRUE(refuses([](json& room, json&) { room["id"] = 0; }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["id"] = 4; }));  // twice
  EXPECT_TRUE(refuses([](json& room, json&) { room["id"] = 8; }));  // another room's offsets
  EXPECT_TRUE(refuses([](json& room, json&) { room["name"] = ""; }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["name"] = std::string(65, 'x'); }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["log"]["from"] = 0; }));
  EXPECT_TRUE(refuses([&](json& room, json&) { room["log"]["from"] = first + 4; }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["log"]["from"] = ~std::uint64_t{0} - 7; }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["log"]["bytes"].get_binary().at(0) ^= 0xFF; }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["log"]["bytes"].get_binary().pop_back(); }));
  EXPECT_TRUE(refuses([](json& room, json&) { room.erase("log"); }));
  EXPECT_TRUE(refuses([](json& room, json&) { room["maker"].get_binary().pop_back(); }));
  EXPECT_TRUE(refuses([&](json&, json& adas) { adas["acked"] = first - 8; }));
  EXPECT_TRUE(refuses([&](json&, json& adas) { adas["acked"] = tail + 8; }));
  EXPECT_TRUE(refuses([&](json&, json& adas) { adas["change"] = tail + 8; }));
  EXPECT_FALSE(refuses([&](json&, json& adas) { adas["acked"] = tail; }));
  EXPECT_TRUE(refuses([](json&, json& adas) { adas["stream"] = 1; }));
  EXPECT_TRUE(refuses([](json&, json& adas) { adas["stream"] = 33; }));
  EXPECT_TRUE(refuses([](json&, json& adas) { adas["stream"] = 5; }));  // the den's
  EXPECT_TRUE(refuses([](json&, json& adas) { adas["room"] = 4; }));    // twice
  EXPECT_FALSE(refuses([](json&, json& adas) { adas["room"] = 99; }));  // no such room
  EXPECT_TRUE(refuses([](json&, json& adas) { adas.erase("room"); }));
}

}  // namespace
}  // namespace chatd::handover
