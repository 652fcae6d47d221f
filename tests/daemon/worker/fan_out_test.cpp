// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/fan_out.hpp"

#include <gmock/gmock.h>

#include "common/wire/text/phrases.hpp"
#include "tests/daemon/worker/fan_out_fixture.hpp"

namespace chatd::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FanOutTest : public FanOutFixture {
 protected:
  test::UdpClient ada_;
  test::UdpClient bob_;
  test::UdpClient eve_;
};

TEST_F(FanOutTest, AnEmptyRoomIsOnePassWithoutWork) {
  FanOut worker = this->worker();
  EXPECT_FALSE(worker.pass({}).more);
  EXPECT_FALSE(worker.has_news());
  EXPECT_EQ(state_.worker_counters(0).passes.load(), 1U);
  EXPECT_EQ(state_.worker_counters(0).members.load(), 0U);
}

TEST_F(FanOutTest, EachMemberGetsEachLineOnceAndInOrderAndNoEcho) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  say(0, "one");
  say(1, "two");
  say(0, "three");
  EXPECT_TRUE(worker.has_news());
  run(worker);
  EXPECT_FALSE(worker.has_news());
  run(worker);
  EXPECT_THAT(ada_.drain_lines(), ElementsAre("bob joined the chat", "bob : two"));
  EXPECT_THAT(bob_.drain_lines(), ElementsAre("ada : one", "ada : three"));
}

TEST_F(FanOutTest, OneLineIsSentAtOnceAndManyArePacked) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  say(1, "alone");
  run(worker);
  EXPECT_THAT(ada_.drain(), ElementsAre("bob : alone"));
  say(1, "one");
  say(0, "own");
  say(1, "two");
  run(worker);
  EXPECT_THAT(ada_.drain(), ElementsAre("bob : one\nbob : two"));
  EXPECT_THAT(bob_.drain(), ElementsAre("ada : own"));
}

TEST_F(FanOutTest, AMemberGetsNothingFromBeforeItJoined) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  say(0, "before");
  run(worker);
  enter(1, "bob", bob_);
  say(0, "after");
  run(worker);
  EXPECT_THAT(bob_.drain_lines(), ElementsAre("ada : after"));
}

TEST_F(FanOutTest, AMemberGetsNothingBeforeItsOk) {
  FanOut worker = this->worker();
  open(0, "ada", test::delivery_to(ada_.endpoint()));
  enter(1, "bob", bob_);
  run(worker);
  EXPECT_THAT(ada_.drain(), IsEmpty());
  table_.activate(state::Slot{0});
  run(worker);
  EXPECT_THAT(ada_.drain_lines(), ElementsAre("bob joined the chat"));
}

// The gateway appends, the worker's pass sees the record but not yet the member, the gateway
// activates the member and rings, which does not wake a busy worker. No record follows.
TEST_F(FanOutTest, AMemberActivatedDuringAPassIsNews) {
  FanOut worker = this->worker();
  enter(1, "bob", bob_);
  open(70, "ada", test::delivery_to(ada_.endpoint()));
  say(1, "welcome");
  EXPECT_FALSE(worker.pass({}).more);
  EXPECT_FALSE(worker.has_news());
  table_.activate(state::Slot{70});
  EXPECT_TRUE(worker.has_news());
  run(worker);
  EXPECT_THAT(ada_.drain_lines(), ElementsAre("bob : welcome"));
  EXPECT_FALSE(worker.has_news());
}

TEST_F(FanOutTest, AMemberOfAnotherWorkerIsNoNews) {
  FanOut worker = this->worker(0, 2);
  run(worker);
  table_.open(state::Slot{1},
              {.delivery = {}, .name = "ada", .log_tail = 0, .joined = {}, .now = {}});
  table_.activate(state::Slot{1});
  EXPECT_FALSE(worker.has_news());
}

TEST_F(FanOutTest, OnlyUnprovedMembersWaitForTheirByteLimit) {
  FanOut worker = this->worker(0, 1, 10'000);
  state::Delivery to = test::delivery_to(eve_.endpoint());
  to.unproved = 1;
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  open(2, "eve", to);
  table_.activate(state::Slot{2});
  MonoTime now = test::mono_at(std::chrono::seconds{100});
  (void)worker.pass(now);
  const std::string text(900, 'x');
  // The bytes of a second, and those of the pass that exceeds them.
  for (int i = 0; i < 20; ++i) {
    say(0, text);
    (void)worker.pass(now);
  }
  EXPECT_EQ(bob_.drain_lines().size(), 21U) << "and that eve joined";
  EXPECT_EQ(eve_.drain_lines().size(), 11U);
  auto outcome = worker.pass(now);
  EXPECT_FALSE(outcome.more);
  ASSERT_GT(outcome.again_at, now);
  ASSERT_LT(outcome.again_at, now + std::chrono::seconds{1});
  now = outcome.again_at;
  (void)worker.pass(now);
  EXPECT_EQ(eve_.drain_lines().size(), 8U) << "what one pass gives";
  table_.prove(state::Slot{2});
  (void)worker.pass(now);
  EXPECT_EQ(eve_.drain_lines().size(), 1U) << "proved, it waits no more";
}

TEST_F(FanOutTest, AMemberThatSendsNewlinesGetsThem) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_, true);
  enter(1, "bob", bob_, false);
  enter(2, "eve", eve_, true);
  say(2, "hi");
  run(worker);
  EXPECT_THAT(ada_.drain(), ElementsAre("bob joined the chat\neve joined the chat\neve : hi\n"));
  EXPECT_THAT(bob_.drain(), ElementsAre("eve joined the chat\neve : hi"));
}

TEST_F(FanOutTest, EachMemberIsReachedThroughItsOwnSocket) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_, false, 0);
  enter(1, "bob", bob_, false, 1);
  say(0, "x");
  say(1, "y");
  run(worker);
  const auto to_ada = ada_.receive();
  const auto to_bob = bob_.receive();
  ASSERT_TRUE(to_ada && to_bob);
  EXPECT_EQ(to_ada->from, io::local_endpoint(server_.get()).value());
  EXPECT_EQ(to_bob->from, io::local_endpoint(server2_.get()).value());
}

TEST_F(FanOutTest, AMissingSocketDoesNotDelayOthers) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_, false, 7);
  enter(1, "bob", bob_);
  say(0, "x");
  run(worker);
  EXPECT_THAT(bob_.drain_lines(), ElementsAre("ada : x"));
}

TEST_F(FanOutTest, WorkersSplitTheMembersByTheirSlot) {
  constexpr std::uint32_t kWorkers = 3;
  std::vector<test::UdpClient> clients(7);
  for (std::uint32_t i = 0; i < 7; ++i) enter(60 + i, "m" + std::to_string(i), clients[i]);
  std::vector<FanOut> workers;
  for (std::uint32_t i = 0; i < kWorkers; ++i) workers.push_back(worker(i, kWorkers));
  for (auto& each : workers) run(each);
  for (auto& client : clients) (void)client.drain();

  append(state::RecordKind::announce, 199, "to all");
  for (std::uint32_t i = 0; i < kWorkers; ++i) {
    run(workers[i]);
    for (std::uint32_t member = 0; member < 7; ++member) {
      const auto lines = clients[member].drain_lines();
      EXPECT_EQ(lines.size(), (60 + member) % kWorkers == i ? 1U : 0U) << member << " by " << i;
    }
  }
  EXPECT_EQ(state_.worker_counters(0).members.load(), 3U);
  EXPECT_EQ(state_.worker_counters(1).members.load(), 2U);
}

TEST_F(FanOutTest, MoreThanEightDatagramsTakeMorePasses) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  for (int i = 0; i < 20; ++i) say(1, std::to_string(i) + std::string(880, 'x'));
  EXPECT_TRUE(worker.pass({}).more);
  run(worker);
  const auto lines = ada_.drain_lines();
  ASSERT_EQ(lines.size(), 21U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(lines[i + 1], "bob : " + std::to_string(i) + std::string(880, 'x'));
  }
}

TEST_F(FanOutTest, ALappedMemberGetsALineAboutItAndTheRest) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  const std::string text(700, 'x');
  for (int i = 0; i < 200; ++i) say(1, std::to_string(i) + text);
  run(worker);
  const auto lines = ada_.drain_lines();
  ASSERT_GT(lines.size(), 50U);
  EXPECT_EQ(lines.front(),
            "[admin] " + std::string{wire::phrase(wire::Language::en, wire::Reason::missed)});
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i], "bob : " + std::to_string(200 - lines.size() + i) + text);
  }
  // bob was lapped as well, by his own messages.
  EXPECT_EQ(state_.worker_counters(0).members_lapped.load(), 2U);
}

TEST_F(FanOutTest, ANewSessionGetsNoLineOfTheLastOne) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  say(1, "for ada");
  leave(0);
  enter(0, "eve", eve_);
  say(1, "for eve");
  run(worker);
  EXPECT_THAT(eve_.drain_lines(), ElementsAre("bob : for eve"));
  EXPECT_THAT(ada_.drain(), IsEmpty());
  EXPECT_THAT(bob_.drain_lines(), ElementsAre("ada left the chat", "eve joined the chat"));
}

TEST_F(FanOutTest, ANewSessionsMessageIsNoEchoOfTheLastOne) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  leave(0);
  enter(0, "ada", eve_);
  say(0, "again");
  run(worker);
  EXPECT_THAT(eve_.drain(), IsEmpty());
  EXPECT_THAT(bob_.drain_lines(),
              ElementsAre("ada left the chat", "ada joined the chat", "ada : again"));
}

TEST_F(FanOutTest, ASuccessorContinuesAtTheSentOffset) {
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  say(1, "one");
  {
    FanOut first = worker();
    run(first);
  }
  say(1, "two");
  FanOut second = worker();
  EXPECT_TRUE(second.has_news());
  run(second);
  EXPECT_THAT(ada_.drain(), ElementsAre("bob joined the chat\nbob : one", "bob : two"));
}

TEST_F(FanOutTest, ACorruptOffsetDoesNotRepeatTheRing) {
  FanOut worker = this->worker();
  enter(0, "ada", ada_);
  enter(1, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  state_.slots()[0].sent.store(log_.tail() + 1'000'000);
  say(1, "x");
  run(worker);
  EXPECT_EQ(ada_.drain_lines().size(), 1U);  // told that something was missed
  say(1, "y");
  run(worker);
  EXPECT_THAT(ada_.drain_lines(), ElementsAre("bob : y"));
}

TEST_F(FanOutTest, AMemberThatLeftDoesNotAffectAnother) {
  FanOut worker = this->worker();
  std::vector<test::UdpClient> gone(30);
  for (std::uint32_t i = 0; i < 30; ++i) enter(i, "g" + std::to_string(i), gone[i]);
  enter(50, "ada", ada_);
  enter(51, "bob", bob_);
  run(worker);
  (void)ada_.drain();
  for (auto& client : gone) client.close();
  for (int i = 0; i < 50; ++i) {
    say(51, std::to_string(i));
    run(worker);
  }
  const auto lines = ada_.drain_lines();
  ASSERT_EQ(lines.size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(lines[i], "bob : " + std::to_string(i));
}

}  // namespace
}  // namespace chatd::worker
