// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/member_streams.hpp"

#include <array>
#include <span>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::worker {
namespace {

using state::RoomId;
using state::RoomIndex;
using state::RoomPlace;
using state::Slot;
using state::SubscriptionPhase;
using ::testing::ElementsAre;

class MemberStreamsTest : public test::StateFixture {
 protected:
  static constexpr Slot kAda{3};
  static constexpr Slot kBob{4};
  static constexpr std::uint32_t kRooms = 33;

  explicit MemberStreamsTest(std::uint32_t rooms = kRooms)
      : StateFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = rooms}} {
    peer_.connection = 77;
    peer_.acked = {16, 24};
    peer_.window = {1000, 2000};
  }

  RoomPlace make(std::uint32_t row, std::uint32_t id) {
    rooms_.make(RoomIndex{row},
                {.id = RoomId{id}, .name = "lab", .is_kept = false, .now = {}, .maker = {}});
    rooms_.settle(RoomIndex{row});
    return rooms_.place(RoomIndex{row});
  }
  [[nodiscard]] std::uint64_t tail(RoomPlace room) const {
    return state_.room_log(room.index).tail();
  }
  void say(RoomPlace room) {
    state::RoomLog{state_, room.index}.append(
        {.kind = state::RecordKind::say, .sender = {}, .name = "ada", .text = "hi", .time = {}});
  }
  // `session` becomes a member, and has acknowledged all of the room.
  void enter(Slot session, std::size_t at, RoomPlace room) {
    rooms_.enter(session, at,
                 {.room = room, .start = tail(room), .change = tail(room), .window = 1500});
    rooms_.settle(session, at);
  }
  void leave(Slot session, std::size_t at) {
    rooms_.begin_leave(session, at, 0);
    rooms_.release(session, at);
  }
  // Room 7 in row 0 is Ada's subscription `at`; she has not acknowledged its only record.
  RoomPlace enter_with_news(std::size_t at = 0) {
    const RoomPlace lab = make(0, 7);
    enter(kAda, at, lab);
    say(lab);
    return lab;
  }
  // As enter_with_news(); then marks the record as sent.
  RoomPlace enter_with_sent_news() {
    const RoomPlace lab = enter_with_news();
    EXPECT_EQ(collect().size(), 3U);
    subscription().stream.sent.store(tail(lab));
    return lab;
  }
  [[nodiscard]] state::Subscription& subscription(std::size_t at = 0) const {
    return rooms_.subscription(kAda, at);
  }
  void set_bits(std::uint32_t bits) { state_.native_slots()[kAda].subscriptions.store(bits); }

  // Ada's streams; the default room is to be sent up to `room_tail`.
  std::span<transport::SendStream> collect(std::uint64_t room_tail = 0) {
    streams_.collect(kAda, peer_, room_tail);
    EXPECT_EQ(streams_.streams().size(), streams_.logs().size());
    return streams_.streams();
  }
  // The numbers of Ada's streams, in the order of collect().
  std::vector<unsigned> numbers() {
    std::vector<unsigned> all;
    for (const auto& stream : collect()) all.push_back(stream.number);
    return all;
  }

  state::StateView follower_{follower()};
  state::RoomTable rooms_{state_};
  state::NativePeer peer_{};
  MemberStreams streams_{follower_};
};

TEST_F(MemberStreamsTest, TheFirstTwoAreMailboxAndDefaultRoom) {
  state_.native_slots()[kAda].mailbox.tail.store(320);
  const auto streams = collect(640);
  ASSERT_EQ(streams.size(), 2U);
  state::NativeSlot& native = follower_.native_slots()[kAda];
  EXPECT_EQ(streams[0].number, wire::kMailboxStream);
  EXPECT_EQ(streams[0].tail, 320U);
  EXPECT_EQ(streams[0].acked, 16U);
  EXPECT_EQ(streams[0].window, 1000U);
  EXPECT_EQ(streams[0].state, &native.streams[0]);
  EXPECT_EQ(&streams_.logs()[0].head(), &native.mailbox);
  EXPECT_EQ(streams[1].number, wire::kRoomStream);
  EXPECT_EQ(streams[1].tail, 640U) << "the argument, not the end of the log";
  EXPECT_EQ(streams[1].acked, 24U);
  EXPECT_EQ(streams[1].window, 2000U);
  EXPECT_EQ(streams[1].state, &native.streams[1]);
  EXPECT_EQ(&streams_.logs()[1].head(), &follower_.ring_head());
}

TEST_F(MemberStreamsTest, AFurtherRoomFollowsTheFirstTwo) {
  const RoomPlace lab = make(5, 7);
  enter(kAda, 0, lab);
  const std::uint64_t start = tail(lab);
  say(lab);
  const auto streams = collect();
  ASSERT_EQ(streams.size(), 3U);
  EXPECT_EQ(streams[2].number, wire::kFirstRoomStream);
  EXPECT_EQ(streams[2].tail, tail(lab));
  EXPECT_EQ(streams[2].acked, start);
  EXPECT_EQ(streams[2].window, 1500U);
  EXPECT_TRUE(streams[2].holes.empty());
  EXPECT_EQ(streams[2].state, &follower_.subscriptions(kAda)[0].stream);
  EXPECT_EQ(&streams_.logs()[2].head(), &follower_.room_slot(lab.index).head.log);
}

TEST_F(MemberStreamsTest, ARoomWithoutUnacknowledgedBytesIsLeftOut) {
  const RoomPlace lab = make(0, 7);
  enter(kAda, 0, lab);
  EXPECT_THAT(numbers(), ElementsAre(0, 1));
  say(lab);
  EXPECT_THAT(numbers(), ElementsAre(0, 1, 2));
  wire::AckFrame ack{};
  ack.cumulative = tail(lab);
  rooms_.acknowledge(kAda, 0, ack);
  EXPECT_THAT(numbers(), ElementsAre(0, 1));
}

TEST_F(MemberStreamsTest, AnAcknowledgedOffsetBeyondTheTailIsLeftOut) {
  const RoomPlace lab = enter_with_news();
  for (const std::uint64_t acked : {tail(lab) + 8, ~std::uint64_t{0}}) {
    subscription().acks.acked = acked;
    EXPECT_THAT(numbers(), ElementsAre(0, 1)) << acked;
  }
}

TEST_F(MemberStreamsTest, TheStreamsAreInTheOrderOfTheirNumbers) {
  std::uint32_t row = 0;
  for (const std::size_t at : {std::size_t{7}, std::size_t{0}, std::size_t{30}, std::size_t{3}}) {
    const RoomPlace room = make(row, 20 - row);
    enter(kAda, at, room);
    say(room);
    ++row;
  }
  EXPECT_THAT(numbers(), ElementsAre(0, 1, 2, 5, 9, 32));
  EXPECT_EQ(&streams_.logs()[3].head(), &follower_.room_slot(RoomIndex{3}).head.log);
}

TEST_F(MemberStreamsTest, AMemberOf31RoomsHas33Streams) {
  for (std::uint32_t i = 0; i < state::kSubscriptions; ++i) {
    const RoomPlace room = make(i, i + 1);
    enter(kAda, i, room);
    say(room);
  }
  set_bits(~0U);  // bit 31 has no subscription
  const auto streams = collect();
  ASSERT_EQ(streams.size(), 33U);
  for (std::uint32_t i = 0; i < state::kSubscriptions; ++i) {
    const transport::SendStream& stream = streams[i + 2];
    EXPECT_EQ(stream.number, i + 2);
    EXPECT_EQ(stream.acked, state::first_offset(RoomId{i + 1}));
    EXPECT_EQ(stream.state, &follower_.subscriptions(kAda)[i].stream);
    EXPECT_EQ(&streams_.logs()[i + 2].head(), &follower_.room_slot(RoomIndex{i}).head.log);
  }
}

TEST_F(MemberStreamsTest, CollectReplacesTheStreamsOfTheMemberBefore) {
  (void)enter_with_news();
  EXPECT_EQ(collect().size(), 3U);
  streams_.collect(kBob, peer_, 0);
  ASSERT_EQ(streams_.streams().size(), 2U);
  EXPECT_EQ(streams_.streams()[0].state, &follower_.native_slots()[kBob].streams[0]);
  EXPECT_EQ(collect().size(), 3U);
}

TEST_F(MemberStreamsTest, ASubscriptionWithoutItsBitIsLeftOut) {
  (void)enter_with_news();
  set_bits(0);
  EXPECT_THAT(numbers(), ElementsAre(0, 1));
}

TEST_F(MemberStreamsTest, ABitWhoseSubscriptionHasNoRoomIsLeftOut) {
  (void)enter_with_news(4);
  subscription(1).phase.store(SubscriptionPhase::member);
  set_bits(~0U);
  EXPECT_THAT(numbers(), ElementsAre(0, 1, 6));
}

TEST_F(MemberStreamsTest, ARowThatDoesNotExistIsLeftOut) {
  (void)enter_with_news();
  for (const std::uint32_t row : {kRooms, ~0U}) {
    subscription().room.store(state::to_word({.id = RoomId{7}, .index = RoomIndex{row}}));
    EXPECT_THAT(numbers(), ElementsAre(0, 1)) << row;
  }
}

TEST_F(MemberStreamsTest, OnlyAnEnteringSessionAndAMemberHaveTheStream) {
  (void)enter_with_news();
  for (const auto phase : {SubscriptionPhase::entering, SubscriptionPhase::member}) {
    subscription().phase.store(phase);
    EXPECT_THAT(numbers(), ElementsAre(0, 1, 2)) << static_cast<unsigned>(phase);
  }
  for (const auto phase :
       {SubscriptionPhase::free, SubscriptionPhase::leaving, SubscriptionPhase::removing}) {
    subscription().phase.store(phase);
    EXPECT_THAT(numbers(), ElementsAre(0, 1)) << static_cast<unsigned>(phase);
  }
}

TEST_F(MemberStreamsTest, AStreamBeginsAtTheAcknowledgedOffset) {
  const RoomPlace lab = enter_with_news();
  state::Subscription& one = subscription();
  one.stream.sent.store(12345);  // of an earlier room
  one.stream.repaired_to = 1;
  one.stream.recovery = 2;
  one.stream.seen_acked = 3;
  ASSERT_EQ(collect().size(), 3U);
  EXPECT_EQ(one.stream.sent.load(), one.acks.acked);
  EXPECT_EQ(one.stream.repaired_to, 0U);
  EXPECT_EQ(one.stream.recovery, 0U);
  EXPECT_EQ(one.stream.seen_acked, transport::StreamState::kIdle);
  EXPECT_EQ(one.connection, 77U);
  EXPECT_EQ(one.sending_for.load(), to_word(lab));
}

TEST_F(MemberStreamsTest, TheSameRoomAndConnectionContinue) {
  const RoomPlace lab = enter_with_sent_news();
  state::Subscription& one = subscription();
  const std::uint64_t sent = tail(lab);
  one.stream.recovery = 5;
  say(lab);
  ASSERT_EQ(collect().size(), 3U);
  EXPECT_EQ(one.stream.sent.load(), sent);
  EXPECT_EQ(one.stream.recovery, 5U);

  MemberStreams successor{follower_};  // the worker process that follows
  successor.collect(kAda, peer_, 0);
  EXPECT_EQ(one.stream.sent.load(), sent);
}

TEST_F(MemberStreamsTest, ANewConnectionBeginsTheStreamAgain) {
  (void)enter_with_sent_news();
  state::Subscription& one = subscription();
  peer_.connection = 78;
  ASSERT_EQ(collect().size(), 3U);
  EXPECT_EQ(one.stream.sent.load(), one.acks.acked);
  EXPECT_EQ(one.connection, 78U);
}

TEST_F(MemberStreamsTest, AnotherRoomInTheStreamBeginsItAgain) {
  const RoomPlace lab = enter_with_sent_news();
  state::Subscription& one = subscription();
  leave(kAda, 0);
  rooms_.drop(lab.index);
  const RoomPlace den = make(0, 8);  // in the same row
  enter(kAda, 0, den);
  say(den);
  ASSERT_EQ(collect().size(), 3U);
  EXPECT_EQ(one.stream.sent.load(), state::first_offset(den.id));
  EXPECT_EQ(one.sending_for.load(), to_word(den));
}

TEST_F(MemberStreamsTest, ARoomThatIsJoinedAgainIsSentFromTheNewStart) {
  const RoomPlace lab = enter_with_news();
  const std::uint64_t start = subscription().acks.acked;
  ASSERT_EQ(collect().size(), 3U);
  subscription().stream.sent.store(tail(lab));
  leave(kAda, 0);
  const std::size_t at = rooms_.find_free(kAda).value();
  rooms_.enter(kAda, at, {.room = lab, .start = start, .change = tail(lab), .window = 1500});
  rooms_.settle(kAda, at);
  const auto streams = collect();
  ASSERT_EQ(streams.size(), 3U);
  EXPECT_EQ(streams[2].acked, start);
  EXPECT_EQ(streams[2].state->sent.load(), start) << "none of it is in flight";
}

TEST_F(MemberStreamsTest, HolesOfEachStreamAreCopied) {
  const std::array<RoomPlace, 2> rooms{make(0, 7), make(1, 8)};
  for (std::uint32_t i = 0; i < rooms.size(); ++i) {
    enter(kAda, i, rooms.at(i));
    wire::AckFrame ack{};
    ack.cumulative = tail(rooms.at(i));
    ack.holes = static_cast<std::uint8_t>(i + 1);
    for (std::uint32_t j = 0; j <= i; ++j) ack.hole.at(j) = {.start = 100 * j + i, .bytes = 50};
    rooms_.acknowledge(kAda, i, ack);
    say(rooms.at(i));
  }
  const auto streams = collect();
  ASSERT_EQ(streams.size(), 4U);
  rooms_.acknowledge(kAda, 1, {});  // a later acknowledgement does not change the copy
  EXPECT_THAT(streams[2].holes, ElementsAre(wire::Hole{.start = 0, .bytes = 50}));
  EXPECT_THAT(streams[3].holes, ElementsAre(wire::Hole{.start = 1, .bytes = 50},
                                            wire::Hole{.start = 101, .bytes = 50}));
  EXPECT_TRUE(streams[0].holes.empty());
  EXPECT_TRUE(streams[1].holes.empty());
}

TEST_F(MemberStreamsTest, MoreHolesThanAreStoredAreClamped) {
  (void)enter_with_news();
  subscription().acks.holes = 200;
  peer_.holes = 200;
  peer_.hole[0] = {.start = 8, .bytes = 16};
  const auto streams = collect();
  ASSERT_EQ(streams.size(), 3U);
  EXPECT_EQ(streams[1].holes.size(), wire::kMaxGaps);
  EXPECT_EQ(streams[1].holes[0], (wire::Hole{.start = 8, .bytes = 16}));
  EXPECT_EQ(streams[2].holes.size(), state::kSubscriptionHoles);
}

class NoRoomStreamsTest : public MemberStreamsTest {
 protected:
  NoRoomStreamsTest() : MemberStreamsTest{0} {}
};

TEST_F(NoRoomStreamsTest, BitsOfSubscriptionsAreLeftOut) {
  set_bits(~0U);
  EXPECT_THAT(numbers(), ElementsAre(0, 1));
}

}  // namespace
}  // namespace chatd::worker
