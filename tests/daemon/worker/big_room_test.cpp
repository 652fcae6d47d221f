// SPDX-License-Identifier: GPL-3.0-or-later
// FanOut in a room so big that joins and leaves may be coalesced.
#include <gmock/gmock.h>

#include "daemon/chat/crowd.hpp"
#include "tests/daemon/worker/fan_out_fixture.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class BigRoomTest : public FanOutFixture {
 protected:
  void SetUp() override {
    fill();
    enter(0, "ada", ada_);
    run();
    now_ += std::chrono::seconds{1};
  }
  // bob's join was sent just now: the next records may be delayed.
  void let_bob_in() {
    enter(1, "bob", bob_);
    run();
    (void)ada_.drain();
  }
  // And eve's join is delayed.
  void let_eve_wait() {
    let_bob_in();
    enter(2, "eve", eve_);
    run();
  }
  FanOut::Outcome run() {
    for (;;) {
      const auto outcome = worker_.pass(now_);
      if (!outcome.more) return outcome;
    }
  }
  [[nodiscard]] std::uint64_t passes() { return state_.worker_counters(0).passes.load(); }

  FanOut worker_{worker()};
  MonoTime now_{std::chrono::seconds{100}};
  test::UdpClient ada_;
  test::UdpClient bob_;
  test::UdpClient eve_;
};

TEST_F(BigRoomTest, ASingleJoinIsSentAtOnce) {
  enter(1, "bob", bob_);
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_THAT(ada_.drain(), ElementsAre("bob joined the chat"));
}

TEST_F(BigRoomTest, FurtherJoinsAreCoalesced) {
  let_bob_in();
  const MonoTime end = now_ + DueTail::kPause;
  enter(2, "eve", eve_);
  EXPECT_TRUE(worker_.has_news());
  EXPECT_EQ(run().again_at, end);
  EXPECT_FALSE(worker_.has_news()) << "it would not sleep";
  now_ = end - Micros{1};
  leave(1);
  EXPECT_EQ(run().again_at, end);
  EXPECT_THAT(ada_.drain(), IsEmpty());
  now_ = end;
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_THAT(ada_.drain(), ElementsAre("eve joined the chat\nbob left the chat"));
  EXPECT_THAT(eve_.drain(), ElementsAre("bob left the chat"));
}

TEST_F(BigRoomTest, AMessageSendsCoalescedJoinsAtOnce) {
  let_eve_wait();
  say(1, "hi");
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_THAT(ada_.drain(), ElementsAre("eve joined the chat\nbob : hi"));
  EXPECT_THAT(eve_.drain(), ElementsAre("bob : hi"));
}

TEST_F(BigRoomTest, AMessageAmongManyJoinsIsFound) {
  let_bob_in();
  enter(2, "eve", eve_);
  say(1, "hi");
  leave(2);
  run();
  EXPECT_THAT(ada_.drain_lines(),
              ElementsAre("eve joined the chat", "bob : hi", "eve left the chat"));
}

TEST_F(BigRoomTest, NoMemberIsServedWhileRecordsAreCoalesced) {
  let_bob_in();
  const std::uint64_t before = passes();
  enter(2, "eve", eve_);
  run();
  EXPECT_EQ(passes(), before);
}

TEST_F(BigRoomTest, ACallIsServedAndKeepsRecordsCoalesced) {
  let_eve_wait();
  const std::uint64_t before = passes();
  state::count(state_.process(1).calls);
  EXPECT_TRUE(worker_.has_news());
  run();
  EXPECT_EQ(passes(), before + 1);
  EXPECT_FALSE(worker_.has_news());
  EXPECT_THAT(ada_.drain(), IsEmpty());
}

// Its offset is past the due records.
TEST_F(BigRoomTest, AMemberThatJoinsMeanwhileGetsExactlyItsLines) {
  let_bob_in();
  test::UdpClient dan;
  enter(2, "eve", eve_);
  enter(3, "dan", dan);
  leave(64);
  state::count(state_.process(1).calls);
  run();
  EXPECT_THAT(dan.drain(), IsEmpty());
  now_ += DueTail::kPause;
  run();
  say(0, "all here?");
  run();
  EXPECT_THAT(eve_.drain_lines(),
              ElementsAre("dan joined the chat", "m0 left the chat", "ada : all here?"));
  EXPECT_THAT(dan.drain_lines(), ElementsAre("m0 left the chat", "ada : all here?"));
  EXPECT_THAT(bob_.drain_lines(), ElementsAre("eve joined the chat", "dan joined the chat",
                                              "m0 left the chat", "ada : all here?"));
}

// The worker saw the join record first, and the active bit only during the delay.
TEST_F(BigRoomTest, AMemberActivatedMeanwhileIsServedWithTheRest) {
  let_bob_in();
  open(6, "eve", test::delivery_to(eve_.endpoint()));
  leave(1);
  run();
  table_.activate(state::Slot{6});
  EXPECT_FALSE(worker_.has_news());
  now_ += DueTail::kPause;
  run();
  EXPECT_THAT(eve_.drain_lines(), ElementsAre("bob left the chat"));
}

TEST_F(BigRoomTest, AMemberActivatedAfterwardsIsNews) {
  let_bob_in();
  open(6, "eve", test::delivery_to(eve_.endpoint()));
  say(1, "welcome");
  run();
  EXPECT_FALSE(worker_.has_news());
  table_.activate(state::Slot{6});
  EXPECT_TRUE(worker_.has_news());
  run();
  EXPECT_THAT(eve_.drain_lines(), ElementsAre("bob : welcome"));
}

TEST_F(BigRoomTest, HurryEndsCoalescing) {
  let_eve_wait();
  worker_.hurry();
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_THAT(ada_.drain(), ElementsAre("eve joined the chat"));
  leave(2);
  run();
  EXPECT_THAT(ada_.drain(), ElementsAre("eve left the chat"));
}

TEST_F(BigRoomTest, ASuccessorSendsCoalescedRecords) {
  let_eve_wait();
  FanOut successor = worker();
  EXPECT_FALSE(successor.pass(now_).more);
  EXPECT_THAT(ada_.drain(), ElementsAre("eve joined the chat"));
  EXPECT_THAT(bob_.drain(), ElementsAre("eve joined the chat"));
}

TEST_F(BigRoomTest, RecordsOverwrittenMeanwhileEndCoalescing) {
  let_eve_wait();
  for (int i = 0; i < 1200; ++i) append(state::RecordKind::leave, 64, "");
  ASSERT_GT(log_.oldest(), 0U);
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_GT(ada_.drain_lines().size(), 500U);
}

TEST_F(BigRoomTest, ASmallRoomIsNotCoalesced) {
  for (std::uint32_t slot = 64; slot < 100; ++slot) leave(slot);
  run();
  let_bob_in();
  enter(2, "eve", eve_);
  EXPECT_EQ(run().again_at, MonoTime::max());
  EXPECT_THAT(ada_.drain(), ElementsAre("eve joined the chat"));
}

// A big room over a network that loses and repeats datagrams, with workers that are killed.
TEST(BigNativeRoom, EachMemberGetsEachLaterJoinOnceAndInOrder) {
  auto config = test::NativeWorld::quick_config();
  config.limits.sessions_per_address = 0;
  constexpr std::uint32_t kMembers = FanOut::kManyMembers + 20;
  test::NativeWorld world{7, config, 0, kMembers};
  world.weather.loss = 0.05;
  world.weather.twice = 0.05;
  std::vector<test::NativeWorld::Seat*> seats;
  for (std::uint32_t i = 0; i < kMembers; ++i) {
    seats.push_back(&world.add({.name = "m" + std::to_string(i)}));
    world.start(*seats.back());
    world.run_for(std::chrono::milliseconds{i % 10 == 0 ? 40 : 3});
    // Of more at once the room is told the number only.
    if (i % chat::Crowd::kToldAtOnce == 0) world.run_for(std::chrono::seconds{4});
    if (i % 50 == 0) world.replace_worker();
  }
  const auto everybody = [&](const auto& holds) {
    return world.run_until([&] { return std::ranges::all_of(seats, holds); });
  };
  ASSERT_TRUE(everybody([&](const auto* seat) { return test::has<client::Joined>(seat->events); }));
  seats.front()->member.say("the end", world.now());
  const auto heard_the_last = [](const auto* seat) {
    return std::ranges::count(test::events_of<client::Line>(seat->events), "the end",
                              &client::Line::text) > 0;
  };
  ASSERT_TRUE(everybody(heard_the_last));
  const auto joins_of = [](const test::NativeWorld::Seat& seat) {
    std::vector<std::string> names;
    for (const auto& line : test::events_of<client::Line>(seat.events)) {
      if (line.record == wire::RecordKind::join) names.push_back(line.name);
    }
    return names;
  };
  const auto all = joins_of(*seats.front());
  EXPECT_EQ(all.size(), seats.size());
  for (std::size_t i = 0; i < seats.size(); ++i) {
    const auto some = joins_of(*seats[i]);
    ASSERT_LE(some.size(), all.size());
    ASSERT_FALSE(some.empty());
    EXPECT_EQ(some.front(), "m" + std::to_string(i)) << "its own comes first";
    EXPECT_THAT(some, ElementsAreArray(std::span{all}.last(some.size())));
  }
}

}  // namespace
}  // namespace chatd::worker
