// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of FanOut with further rooms: which members a pass serves. All members are native. A member
// acknowledges nothing unless the test calls acknowledge().
#include <gmock/gmock.h>

#include "common/wire/native/native_packet.hpp"
#include "daemon/state/room_table.hpp"
#include "tests/daemon/worker/fan_out_fixture.hpp"

namespace chatd::worker {
namespace {

using state::RoomIndex;
using state::Slot;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FurtherRoomsTest : public FanOutFixture {
 protected:
  static constexpr std::uint32_t kRooms = 2;

  explicit FurtherRoomsTest(std::uint32_t sessions = 200)
      : FanOutFixture{{.sessions = sessions,
                       .ring_bytes = 65536,
                       .rooms = kRooms,
                       .room_ring_bytes = 16384}} {
    for (std::uint32_t row = 0; row < kRooms; ++row) {
      rooms_.make(
          RoomIndex{row},
          {.id = state::RoomId{row + 1}, .name = "lab", .is_kept = true, .now = {}, .maker = {}});
      rooms_.settle(RoomIndex{row});
    }
  }

  // Adds a native member of the server, without a join record for the other members.
  void add(std::uint32_t slot) {
    const auto to = test::delivery_to(nowhere_.endpoint());
    table_.open(Slot{slot}, {.kind = state::SessionKind::native,
                             .delivery = to,
                             .name = "m",
                             .log_tail = log_.tail(),
                             .joined = {},
                             .now = {}});
    state::NativeSlot& native = state_.native_slots()[slot];
    state::update_peer(native, [&](state::NativePeer& peer) {
      peer.delivery = to;
      peer.connection = wire::connection_of(slot, 1);
      peer.acked = {0, log_.tail()};
      peer.window = {65536, 65536};
      peer.datagram_bytes = wire::kBaseDatagram;
      peer.attached = 1;
    });
    keys_.install(Slot{slot}, {}, {}, native.packet_counter, now_);
    table_.activate(Slot{slot});
  }
  void add_to_room(std::uint32_t slot, std::uint32_t row) {
    add(slot);
    const std::uint64_t tail = state_.room_log(RoomIndex{row}).tail();
    rooms_.enter(
        Slot{slot}, 0,
        {.room = rooms_.place(RoomIndex{row}), .start = tail, .change = tail, .window = 65536});
    rooms_.settle(Slot{slot}, 0);
  }
  void post(std::uint32_t row, std::string_view text = "hi") {
    state::RoomLog{state_, RoomIndex{row}}.append(
        {.kind = state::RecordKind::say, .sender = {}, .name = "ada", .text = text, .time = {}});
    rooms_.end_append(RoomIndex{row});
  }
  // The member acknowledges the whole log of its further room.
  void acknowledge(std::uint32_t slot) {
    state::Subscription& one = rooms_.subscription(Slot{slot}, 0);
    const std::uint64_t tail = state_.room_log(state::room_place(one.room).index).tail();
    state::update_peer(state_.native_slots()[slot], [&](state::NativePeer& peer) {
      peer.acked_bytes += tail - one.acks.acked;
      ++peer.ack_serial;
    });
    rooms_.acknowledge(Slot{slot}, 0,
                       {.stream = wire::kFirstRoomStream, .window = 65536, .cumulative = tail});
  }
  [[nodiscard]] bool has_been_sent(std::uint32_t slot) {
    const state::Subscription& one = rooms_.subscription(Slot{slot}, 0);
    return one.stream.sent == state_.room_log(state::room_place(one.room).index).tail();
  }

  // Runs passes until the worker has no more work. Four passes must be enough.
  FanOut::Outcome run(FanOut& worker) {
    FanOut::Outcome outcome{.more = true};
    for (int i = 0; outcome.more && i < 4; ++i) outcome = worker.pass(now_);
    EXPECT_FALSE(outcome.more) << "the worker is busy without work";
    return outcome;
  }
  // Calls run(), and returns the members that it visited: each visit writes the value of `wanted`.
  std::vector<std::uint32_t> visited_by(FanOut& worker) {
    constexpr state::Wanted kNotVisited{99};
    for (auto& native : state_.native_slots()) native.wanted.store(kNotVisited);
    last_ = run(worker);
    std::vector<std::uint32_t> visited;
    for (std::uint32_t slot = 0; slot < state_.native_slots().size(); ++slot) {
      if (state_.native_slots()[slot].wanted.load() != kNotVisited) visited.push_back(slot);
    }
    return visited;
  }

  test::UdpClient nowhere_;
  state::RoomTable rooms_{state_};
  MonoTime now_{seconds{100}};
  FanOut::Outcome last_;
};

TEST_F(FurtherRoomsTest, AMessageInARoomIsServedToItsMembersOnly) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker();
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1)) << "new members";
  post(0);
  EXPECT_TRUE(worker.has_news());
  EXPECT_THAT(visited_by(worker), ElementsAre(0));
  EXPECT_TRUE(has_been_sent(0));
  EXPECT_FALSE(worker.has_news());
}

TEST_F(FurtherRoomsTest, AWorkerWithoutMembersInTheRoomServesNone) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker(1, 2);
  EXPECT_THAT(visited_by(worker), ElementsAre(1));
  post(0);
  EXPECT_THAT(visited_by(worker), IsEmpty());
  EXPECT_FALSE(worker.has_news());
}

// The gateway rings the bell after a batch of datagrams. An earlier pass may have sent the records
// of the batch already.
TEST_F(FurtherRoomsTest, ABellWithoutNewsServesNoMember) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker();
  run(worker);
  EXPECT_THAT(visited_by(worker), IsEmpty());
  post(0);
  run(worker);
  EXPECT_THAT(visited_by(worker), IsEmpty());
}

TEST_F(FurtherRoomsTest, ACallDuringNewsServesAllMembers) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  state::count(state_.process(1).calls);
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1));
  EXPECT_TRUE(has_been_sent(0));
}

TEST_F(FurtherRoomsTest, AProbeVisitsOnlyTheMemberThatDidNotAcknowledge) {
  add_to_room(0, 0);
  add_to_room(1, 0);
  add(2);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1));
  acknowledge(1);
  ASSERT_NE(last_.again_at, MonoTime::max());
  now_ = last_.again_at;
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1)) << "the worker has not seen the ACK";
  ASSERT_NE(last_.again_at, MonoTime::max()) << "the probe may be lost, too";
  now_ = last_.again_at;
  EXPECT_THAT(visited_by(worker), ElementsAre(0));
  acknowledge(0);
  now_ = last_.again_at;
  EXPECT_THAT(visited_by(worker), ElementsAre(0));
  EXPECT_EQ(last_.again_at, MonoTime::max()) << "nothing is in flight";
}

TEST_F(FurtherRoomsTest, ATimerVisitsNoMemberWhoseTimerEndsLater) {
  add_to_room(0, 0);
  add_to_room(1, 1);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  const MonoTime first = run(worker).again_at;
  now_ += milliseconds{20};
  post(1);
  EXPECT_THAT(visited_by(worker), ElementsAre(1));
  EXPECT_EQ(last_.again_at, first);
  now_ = first;
  EXPECT_THAT(visited_by(worker), ElementsAre(0));
  EXPECT_EQ(last_.again_at, first + milliseconds{20});
}

TEST_F(FurtherRoomsTest, ARestartedTimerVisitsNoMemberAtItsOldEnd) {
  add_to_room(0, 0);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  const MonoTime first = run(worker).again_at;
  now_ += milliseconds{20};
  acknowledge(0);
  post(0);
  run(worker);
  now_ = first;
  EXPECT_THAT(visited_by(worker), IsEmpty());
  EXPECT_EQ(last_.again_at, first + milliseconds{20});
}

TEST_F(FurtherRoomsTest, AProbeAfterACallVisitsOnlyTheMemberThatDidNotAcknowledge) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  run(worker);
  state::count(state_.process(1).calls);
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1));
  ASSERT_NE(last_.again_at, MonoTime::max());
  now_ = last_.again_at;
  EXPECT_THAT(visited_by(worker), ElementsAre(0));
  EXPECT_NE(last_.again_at, MonoTime::max()) << "the probe may be lost, too";
}

TEST_F(FurtherRoomsTest, AMessageInTheDefaultRoomServesWaitingMembersToo) {
  add_to_room(0, 0);
  add(1);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  run(worker);
  say(1, "hello");
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1));
  acknowledge(0);
  const MonoTime probe = last_.again_at;
  ASSERT_NE(probe, MonoTime::max());
  now_ = probe;
  EXPECT_THAT(visited_by(worker), ElementsAre(0, 1)) << "both have bytes of the default room";
}

// During a steady stream of messages an acknowledgement may take a second longer.
TEST_F(FurtherRoomsTest, WaitingMembersAreServedWhenASteadyStreamEnds) {
  add_to_room(0, 0);
  FanOut worker = this->worker();
  for (int i = 0; i < 12; ++i) {
    say(1, "tick");
    run(worker);
    now_ += milliseconds{10};
  }
  state::update_peer(state_.native_slots()[0], [&](state::NativePeer& peer) {
    peer.acked[wire::kRoomStream] = log_.tail();
    ++peer.ack_serial;
  });
  state::count(state_.process(1).calls);
  EXPECT_EQ(run(worker).again_at, MonoTime::max()) << "nothing is in flight";
  post(0);
  EXPECT_LE(run(worker).again_at, now_ + milliseconds{140});
}

TEST_F(FurtherRoomsTest, HolesOfThePreviousConnectionDoNotReduceTheWindow) {
  add_to_room(0, 0);
  FanOut worker = this->worker();
  run(worker);
  post(0);
  run(worker);
  state::NativeSlot& native = state_.native_slots()[0];
  const std::uint64_t start = rooms_.subscription(Slot{0}, 0).acks.acked;
  // The member acknowledges nothing more, and reports 8 bytes from `at` on as a hole.
  const auto acknowledge_with_hole = [&](std::uint32_t at) {
    rooms_.acknowledge(Slot{0}, 0,
                       {.stream = wire::kFirstRoomStream,
                        .window = 65536,
                        .cumulative = start,
                        .holes = 1,
                        .hole = {wire::Hole{.start = at, .bytes = 8}}});
  };
  const auto window_after = [&](auto change) {
    state::update_peer(native, [&](state::NativePeer& peer) {
      change(peer);
      ++peer.ack_serial;
    });
    state::count(state_.process(1).calls);
    run(worker);
    return native.down.congestion.window;
  };
  acknowledge_with_hole(0);
  const std::uint32_t window =
      window_after([&](state::NativePeer& peer) { peer.connection = wire::connection_of(0, 2); });
  EXPECT_TRUE(has_been_sent(0)) << "to the new connection";
  EXPECT_EQ(window_after([](auto&) {}), window) << "an ACK of another stream";
  acknowledge_with_hole(8);
  EXPECT_LT(window_after([](auto&) {}), window) << "a loss of this connection";
}

// A server with many members, few of which are in a further room.
class LargeServerTest : public FurtherRoomsTest {
 protected:
  static constexpr std::uint32_t kMembers = 10'000;
  LargeServerTest() : FurtherRoomsTest{kMembers} {}
};

TEST_F(LargeServerTest, AMessageInARoomOfTenVisitsTenMembers) {
  std::vector<std::uint32_t> in_room;
  for (std::uint32_t slot = 0; slot < kMembers; ++slot) {
    const bool is_in_room = slot % 1000 == 77;
    is_in_room ? add_to_room(slot, 0) : add(slot);
    if (is_in_room) in_room.push_back(slot);
  }
  FanOut worker = this->worker();
  EXPECT_EQ(visited_by(worker).size(), kMembers);
  for (int i = 0; i < 3; ++i) {
    post(0);
    EXPECT_THAT(visited_by(worker), ::testing::ElementsAreArray(in_room));
    for (const std::uint32_t slot : in_room) acknowledge(slot);
    now_ = last_.again_at;
    EXPECT_THAT(visited_by(worker), ::testing::ElementsAreArray(in_room)) << "their timers";
    EXPECT_EQ(last_.again_at, MonoTime::max());
  }
}

// A server whose default room coalesces joins, while a further room has messages.
class CoalescingRoomsTest : public FurtherRoomsTest {
 protected:
  static constexpr std::uint32_t kNative = 0;
  // The join of eve, an active session, is delayed until `end_`.
  void coalesce(FanOut& worker) {
    fill();
    add_to_room(kNative, 0);
    run(worker);
    now_ += seconds{1};
    enter(1, "bob", bob_);
    run(worker);
    enter(2, "eve", eve_);
    end_ = now_ + DueTail::kPause;
    EXPECT_EQ(run(worker).again_at, end_);
  }
  test::UdpClient bob_;
  test::UdpClient eve_;
  MonoTime end_{};
};

TEST_F(CoalescingRoomsTest, AMessageInARoomIsSentAtOnce) {
  FanOut worker = this->worker();
  coalesce(worker);
  post(0);
  EXPECT_THAT(visited_by(worker), ElementsAre(kNative));
  EXPECT_TRUE(has_been_sent(kNative));
  EXPECT_THAT(bob_.drain(), IsEmpty()) << "the join is still delayed";
  EXPECT_EQ(last_.again_at, end_);
}

TEST_F(CoalescingRoomsTest, DelayedJoinsAreSentWhenTheDelayEnds) {
  FanOut worker = this->worker();
  coalesce(worker);
  now_ += milliseconds{10};
  post(0);
  run(worker);
  now_ = end_;
  run(worker);
  EXPECT_THAT(bob_.drain(), ElementsAre("eve joined the chat"));
}

}  // namespace
}  // namespace chatd::worker
