// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/down_sender.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace chatd::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kPayload = 1148;

// One member with a mailbox and a room.
class DownSenderTest : public ::testing::Test {
 protected:
  DownPlan plan() {
    std::array streams{SendStream{.number = wire::kMailboxStream,
                                  .window = window_[0],
                                  .tail = tails_[0],
                                  .acked = acked_[0],
                                  .state = &kept_[0]},
                       SendStream{.number = wire::kRoomStream,
                                  .window = window_[1],
                                  .tail = tails_[1],
                                  .acked = acked_[1],
                                  .holes = holes_,
                                  .state = &kept_[1]}};
    acks_.acked_bytes = acked_[0] + acked_[1];
    return plan_down(state_, acks_, streams, kPayload, now_);
  }
  // Sends all that is planned, as a worker does.
  DownPlan send() {
    const DownPlan now = plan();
    for (const Range& range : std::span{now.range}.first(now.ranges)) {
      if (range.fresh) kept_[range.stream].sent = range.to;
    }
    return now;
  }
  void acknowledge(std::uint64_t room) {
    acked_[1] = room;
    ++acks_.serial;
  }
  std::uint64_t sent() const { return kept_[1].sent; }  // of the room

  MonoTime now_{seconds{100}};
  std::array<std::uint64_t, 2> tails_{};
  std::array<std::uint64_t, 2> acked_{};
  std::array<std::uint32_t, 2> window_{4096, 256U << 10U};
  std::vector<wire::Hole> holes_;  // of the room
  std::array<StreamState, 2> kept_;
  Acks acks_{.rtt = {.smoothed = 1000, .variance = 100}};
  DownState state_;
};

TEST_F(DownSenderTest, WithoutBytesToSendThereIsNoTimer) {
  EXPECT_EQ(send().ranges, 0U);
  EXPECT_EQ(state_.timer, 0);
}

TEST_F(DownSenderTest, FreshBytesAreSentAtOnceAndStartTheTimer) {
  tails_ = {40, 100};
  const auto first = send();
  ASSERT_EQ(first.ranges, 2U);
  EXPECT_EQ(first.range[0].stream, wire::kMailboxStream);
  EXPECT_EQ(first.range[1].to, 100U);
  EXPECT_NE(state_.timer, 0);
  EXPECT_EQ(send().ranges, 0U);
  acked_[0] = 40;
  acknowledge(100);
  EXPECT_EQ(send().ranges, 0U);
  EXPECT_EQ(state_.timer, 0);
}

TEST_F(DownSenderTest, TheWindowsHold) {
  tails_ = {0, 1'000'000};
  const auto first = send();
  EXPECT_LE(sent(), kFirstWindow);
  EXPECT_GE(sent(), 10U * kDatagram - kPayload);
  EXPECT_TRUE(first.waits_for_ack);
  window_[1] = 100;
  acknowledge(sent());
  send();
  EXPECT_LE(sent(), acked_[1] + 100);
}

TEST_F(DownSenderTest, TheWindowGrowsWhenItWasFullAndShrinksOnceARound) {
  tails_ = {0, 1'000'000};
  send();
  const std::uint32_t before = state_.congestion.window;
  acknowledge(sent());
  send();
  EXPECT_EQ(state_.congestion.window, 2 * before);
  holes_ = {{0, 1148}};
  ++acks_.serial;
  send();
  const std::uint32_t reduced = state_.congestion.window;
  EXPECT_EQ(reduced, 2 * before * 7 / 10);
  ++acks_.serial;
  send();
  EXPECT_EQ(state_.congestion.window, reduced);
}

TEST_F(DownSenderTest, AHoleIsRepairedAtOnceAndNotAgainBeforeItsTime) {
  tails_ = {0, 5000};
  send();
  holes_ = {{1148, 1148}};
  acknowledge(1148);
  const auto repair = send();
  ASSERT_GE(repair.ranges, 1U);
  EXPECT_FALSE(repair.range[0].fresh);
  EXPECT_EQ(repair.range[0].from, 2296U);
  EXPECT_EQ(repair.range[0].to, 3444U);
  ++acks_.serial;
  EXPECT_EQ(send().ranges, 0U);
  now_ += milliseconds{10};
  ++acks_.serial;
  EXPECT_EQ(send().ranges, 1U);
}

TEST_F(DownSenderTest, ANewHoleBehindARepairedOneDoesNotWait) {
  tails_ = {0, 9000};
  send();
  holes_ = {{0, 100}};
  ++acks_.serial;
  EXPECT_EQ(send().ranges, 1U);
  holes_ = {{0, 100}, {2000, 100}};
  ++acks_.serial;
  const auto more = send();
  ASSERT_EQ(more.ranges, 1U);
  EXPECT_EQ(more.range[0].from, 2000U);
}

TEST_F(DownSenderTest, SilenceIsProbedAtGrowingIntervalsAndThenNotAtAll) {
  tails_ = {0, 3000};
  send();
  Micros before{0};
  std::uint32_t probes = 0;
  while (state_.timer != 0) {
    const MonoTime due{Micros{state_.timer}};
    EXPECT_GE(due - now_, before);
    before = due - now_;
    EXPECT_LE(before, seconds{2});
    now_ = due;
    const auto probe = send();
    if (probe.ranges == 0) break;
    ++probes;
    EXPECT_EQ(probe.range[0].to, 3000U);
    EXPECT_GE(probe.range[0].from, 3000U - kPayload);
  }
  EXPECT_EQ(probes, kMaxProbes);
  EXPECT_EQ(before, seconds{2});
  EXPECT_EQ(state_.congestion.window, kMinWindow);
  now_ += seconds{1000};
  tails_[1] = 9000;
  const auto silent = send();
  EXPECT_EQ(silent.ranges, 0U);
  EXPECT_TRUE(silent.waits_for_packet);
  ++acks_.serial;  // it said something
  const auto back = send();
  EXPECT_GE(back.ranges, 1U);
  EXPECT_FALSE(back.waits_for_packet);
}

TEST_F(DownSenderTest, SmallSegmentsAreNotSentWhileBytesAreInFlight) {
  tails_ = {0, 1'000'000};
  send();
  acknowledge(100);  // room for 100 bytes more
  const auto next = send();
  EXPECT_EQ(next.ranges, 0U);
  EXPECT_TRUE(next.waits_for_ack);
}

TEST_F(DownSenderTest, AnAcknowledgementOfBytesOfAPredecessorIsAccepted) {
  tails_ = {0, 5000};
  acknowledge(4000);
  const auto next = send();
  ASSERT_EQ(next.ranges, 1U);
  EXPECT_EQ(next.range[0].from, 4000U);
}

TEST_F(DownSenderTest, AnAcknowledgementAboveTheTailStopsItsStreamOnly) {
  tails_ = {0, 5000};
  acknowledge(6000);
  holes_ = {{0, 100}};
  EXPECT_EQ(send().ranges, 0U);
  EXPECT_EQ(state_.timer, 0);
  tails_[0] = 40;
  const auto next = send();
  ASSERT_EQ(next.ranges, 1U);
  EXPECT_EQ(next.range[0].stream, 0U);
}

TEST_F(DownSenderTest, BytesAboveTheTailAreNeverSent) {
  tails_ = {0, 1000};
  kept_[1].sent = 1ULL << 63U;
  holes_ = {{0, ~0U}};
  ++acks_.serial;
  const auto repair = send();
  ASSERT_EQ(repair.ranges, 1U);
  EXPECT_EQ(repair.range[0].to, 1000U);
  holes_.clear();
  now_ += seconds{1};
  const auto probe = send();
  ASSERT_EQ(probe.ranges, 1U);
  EXPECT_EQ(probe.range[0].to, 1000U);
}

// An acknowledgement of the room restarts the timer again and again.
TEST_F(DownSenderTest, ALostMailboxRecordIsRepairedInABusyRoom) {
  tails_ = {40, 0};
  EXPECT_EQ(send().ranges, 1U);
  bool repaired = false;
  for (int i = 0; i < 20 && !repaired; ++i) {
    tails_[1] += 100;
    const auto next = send();
    for (const Range& range : std::span{next.range}.first(next.ranges)) {
      repaired |= range.stream == 0 && range.from == 0 && range.to == 40;
    }
    now_ += milliseconds{10};
    acknowledge(tails_[1]);
  }
  EXPECT_TRUE(repaired);
  EXPECT_EQ(state_.probes, 0U);
}

class SteadyStreamTest : public DownSenderTest {
 protected:
  SteadyStreamTest() {
    acks_.is_steady = true;
    tails_ = {0, 100};
  }
};

TEST_F(SteadyStreamTest, MembersMayAcknowledgeLateAndAreNotProbedBefore) {
  EXPECT_EQ(send().extra_ack_time, kSteadyAckDelay - kMaxAckDelay);
  now_ += milliseconds{900};
  EXPECT_EQ(send().ranges, 0U);
  now_ += milliseconds{200};
  EXPECT_EQ(send().ranges, 1U);
}

TEST_F(SteadyStreamTest, AfterItsEndSilentMembersAreProbedAfterTheUsualTime) {
  (void)send();
  now_ += milliseconds{150};
  acks_.is_steady = false;
  const DownPlan first = send();
  EXPECT_EQ(first.extra_ack_time, Micros{0});
  EXPECT_EQ(first.ranges, 0U);
  EXPECT_LT(state_.timer, (now_ + milliseconds{50}).time_since_epoch().count());
  now_ += milliseconds{50};
  const DownPlan plan = send();
  ASSERT_EQ(plan.ranges, 1U);
  EXPECT_FALSE(plan.range[0].fresh);
}

TEST_F(SteadyStreamTest, AWindowThatMayFillUpIsAcknowledgedInTheUsualTime) {
  tails_ = {0, 2900};
  EXPECT_NE(send().extra_ack_time, Micros{0});
  EXPECT_NE(send().extra_ack_time, Micros{0});
  tails_ = {0, 3100};
  (void)send();
  tails_ = {0, 3200};
  EXPECT_EQ(send().extra_ack_time, Micros{0});
}

TEST_F(SteadyStreamTest, AMailboxIsAcknowledgedInTheUsualTime) {
  tails_ = {200, 100};
  EXPECT_EQ(send().extra_ack_time, Micros{0});
  acked_[0] = 200;
  acknowledge(100);
  tails_ = {200, 150};
  EXPECT_NE(send().extra_ack_time, Micros{0});
}

TEST_F(SteadyStreamTest, AMemberThatLostPacketsAcknowledgesInTheUsualTime) {
  (void)send();
  holes_ = {{.start = 10, .bytes = 20}};
  ++acks_.serial;
  EXPECT_EQ(send().extra_ack_time, Micros{0});
  holes_.clear();
  acknowledge(100);
  now_ += seconds{5};
  EXPECT_EQ(plan().extra_ack_time, Micros{0});
  now_ += seconds{10};
  EXPECT_NE(plan().extra_ack_time, Micros{0});
}

}  // namespace
}  // namespace chatd::transport
