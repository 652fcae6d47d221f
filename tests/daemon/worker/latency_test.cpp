// SPDX-License-Identifier: GPL-3.0-or-later
// Which messages the workers time, and which they do not: those that waited for the member.
#include "daemon/state/latency.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/worker/fan_out_fixture.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::worker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::NativeWorld;

std::uint64_t count_of(const state::Histogram& histogram) {
  std::uint64_t count = 0;
  for (const auto& bucket : histogram.buckets) count += bucket.load();
  return count;
}

class TextLatency : public FanOutFixture {
 protected:
  FanOut timed_worker() {
    return FanOut{follower_, follower_.process(1),   keys_, sockets_, 0, 1, wire::Language::en,
                  0,         [this] { return now_; }};
  }
  void say_at(std::uint32_t slot, std::int64_t micros) {
    log_.append({.kind = state::RecordKind::say,
                 .sender = table_.sender(state::Slot{slot}),
                 .name = table_.name(state::Slot{slot}),
                 .text = "hello",
                 .time = test::wall_at(std::chrono::microseconds{micros})});
  }
  [[nodiscard]] const state::Histogram& text() const { return state_.delivery_latency(0).text; }

  WallTime now_ = test::wall_at(milliseconds{30});
  test::UdpClient ada_;
  test::UdpClient bob_;
};

TEST_F(TextLatency, AMessageIsTimedForEachMemberThatGetsItFromItsAppendOn) {
  enter(1, "ada", ada_);
  enter(2, "bob", bob_);
  FanOut worker = timed_worker();
  run(worker);
  EXPECT_EQ(count_of(text()), 0U);  // joins are no messages
  say_at(0, 10'000);
  say_at(0, 20'000);
  run(worker);
  EXPECT_EQ(count_of(text()), 2U);          // one datagram each, with both messages
  EXPECT_EQ(text().buckets[5].load(), 2U);  // from 10 to 25 ms
  EXPECT_EQ(text().sum.load(), 2 * 20'000U);
  EXPECT_EQ(count_of(state_.delivery_latency(0).native), 0U);
}

TEST_F(TextLatency, AMessageFromBeforeTheJoinIsNotTimed) {
  say_at(0, 10'000);
  table_.open(state::Slot{1}, {.delivery = test::delivery_to(ada_.endpoint()),
                               .name = "ada",
                               .log_tail = log_.oldest(),
                               .joined = test::wall_at(milliseconds{20}),
                               .now = {}});
  table_.activate(state::Slot{1});
  FanOut worker = timed_worker();
  run(worker);
  EXPECT_NE(ada_.next(), "");
  EXPECT_EQ(count_of(text()), 0U);
  say_at(0, 25'000);
  run(worker);
  EXPECT_EQ(count_of(text()), 1U);
}

std::uint64_t natively(const NativeWorld& world) {
  return count_of(world.view().delivery_latency(0).native);
}
std::uint64_t acknowledged(const NativeWorld& world) {
  return count_of(world.view().gateway_figures().ack);
}

TEST(NativeLatency, AMessageIsTimedForEachMemberAndWhenEachHasAcknowledgedIt) {
  NativeWorld world{1};
  world.weather.least_delay = world.weather.most_delay = milliseconds{20};
  auto& ada = world.enter("ada");
  world.enter("bob");
  world.run_for(seconds{1});
  const std::uint64_t sent = natively(world);
  const std::uint64_t acked = acknowledged(world);
  const std::uint64_t sum = world.view().gateway_figures().ack.sum.load();
  ada.member.say("hello", world.now());
  world.run_for(seconds{2});
  EXPECT_EQ(natively(world) - sent, 2U);
  EXPECT_EQ(acknowledged(world) - acked, 2U);
  // There and back.
  EXPECT_GE(world.view().gateway_figures().ack.sum.load() - sum, 2 * 40'000U);
}

TEST(NativeLatency, AMessageThatIsSentAgainIsTimedOnce) {
  NativeWorld world{2};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.run_for(seconds{1});
  const std::uint64_t sent = natively(world);
  world.weather.loss = 0.4;
  for (int i = 0; i < 20; ++i) {
    ada.member.say(std::to_string(i), world.now());
    world.run_for(milliseconds{500});
  }
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 20; }));
  EXPECT_LE(natively(world) - sent, 40U);
  EXPECT_GE(natively(world) - sent, 20U);
}

TEST(NativeLatency, AMessageThatWaitedForAMemberThatWasAwayIsNotTimed) {
  NativeWorld world{3};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  bob.asleep = true;
  world.run_for(seconds{100});  // it is away now
  ada.member.say("hello", world.now());
  world.run_for(seconds{20});
  const std::uint64_t sent = natively(world);
  const std::uint64_t acked = acknowledged(world);
  bob.asleep = false;
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 1; }));
  world.run_for(seconds{2});
  EXPECT_EQ(natively(world), sent);
  EXPECT_EQ(acknowledged(world), acked);
  ada.member.say("welcome", world.now());
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 2; }));
  EXPECT_EQ(natively(world), sent + 2);
}

TEST(NativeLatency, AReplayIsNotTimed) {
  NativeWorld world{4};
  auto& ada = world.enter("ada");
  for (int i = 0; i < 5; ++i) ada.member.say(std::to_string(i), world.now());
  world.run_for(seconds{5});
  const std::uint64_t sent = natively(world);
  auto& bob = world.enter("bob");
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 5; }));
  world.run_for(seconds{2});
  EXPECT_EQ(natively(world), sent);
}

TEST(NativeLatency, AFurtherRoomIsTimedFromTheEntryOn) {
  NativeWorld world{5};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  ada.member.send(client::MakeRoom{.name = "lab"}, world.now());
  world.run_for(seconds{1});
  const auto say = [&](const char* text) {
    ada.member.send(client::Say{.text = text, .room = "lab"}, world.now());
    world.run_for(seconds{5});
  };
  say("early");
  const std::uint64_t before = natively(world);
  EXPECT_GT(before, 0U);
  bob.member.send(client::JoinRoom{.name = "lab"}, world.now());
  world.run_for(seconds{2});
  EXPECT_EQ(natively(world), before);
  say("hello");
  EXPECT_EQ(natively(world), before + 2);
}

}  // namespace
}  // namespace chatd::worker
