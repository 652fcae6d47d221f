// SPDX-License-Identifier: GPL-3.0-or-later
// Plans for a member with 33 streams: the mailbox, and rooms.
#include <array>
#include <set>
#include <vector>

#include <gmock/gmock.h>

#include "common/transport/down_sender.hpp"

namespace chatd::transport {
namespace {

using std::chrono::seconds;

constexpr std::size_t kStreams = 33;
constexpr std::uint32_t kDatagramPayload = 1148;

// Streams 0 to 32.
class ManyStreamsPlanTest : public ::testing::Test {
 protected:
  ManyStreamsPlanTest() {
    for (std::size_t i = 0; i < kStreams; ++i) {
      streams_.push_back(
          {.number = static_cast<std::uint8_t>(i), .window = 1U << 20U, .state = &states_[i]});
    }
  }
  // Sends all that is planned.
  DownPlan send() {
    const DownPlan now = plan_down(state_, acks_, streams_, kDatagramPayload, now_);
    for (const Range& range : std::span{now.range}.first(now.ranges)) {
      if (range.fresh) states_[range.stream].sent = range.to;
    }
    return now;
  }
  std::uint8_t first_room_of(const DownPlan& plan) const {
    return streams_[plan.range[0].stream].number;
  }
  void acknowledge_all() {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      acks_.acked_bytes += states_[i].sent - streams_[i].acked;
      streams_[i].acked = states_[i].sent;
    }
    ++acks_.serial;
  }

  MonoTime now_{seconds{100}};
  std::array<StreamState, kStreams> states_;
  std::vector<SendStream> streams_;
  Acks acks_{.rtt = {.smoothed = 1000, .variance = 100}};
  DownState state_;
};

TEST_F(ManyStreamsPlanTest, TheMailboxIsFirst) {
  for (auto& stream : streams_) stream.tail = 30;
  for (int i = 0; i < 5; ++i) {
    const DownPlan plan = send();
    ASSERT_EQ(plan.ranges, kStreams);
    EXPECT_EQ(first_room_of(plan), wire::kMailboxStream);
    acknowledge_all();
    for (auto& stream : streams_) stream.tail += 30;
  }
}

TEST_F(ManyStreamsPlanTest, AnotherRoomIsServedFirstEachTime) {
  for (auto& stream : std::span{streams_}.subspan(1)) stream.tail = 1ULL << 40U;
  std::set<std::uint8_t> first;
  for (std::size_t i = 1; i < kStreams; ++i) {
    first.insert(first_room_of(send()));
    acknowledge_all();
  }
  EXPECT_EQ(first.size(), kStreams - 1);
}

TEST_F(ManyStreamsPlanTest, RangesThatDoNotFitAreInTheNextPlans) {
  const std::vector<wire::Hole> holes{{0, 10},  {20, 10},  {40, 10},  {60, 10},
                                      {80, 10}, {100, 10}, {120, 10}, {140, 10}};
  for (std::size_t i = 0; i < kStreams; ++i) {
    streams_[i].tail = 200;
    states_[i].sent = 200;
    if (i != 0) streams_[i].holes = holes;
  }
  ++acks_.serial;
  std::set<std::pair<std::uint8_t, std::uint64_t>> repaired;
  for (bool is_cut = true; is_cut;) {
    const DownPlan plan = send();
    is_cut = plan.is_cut;
    ASSERT_LE(plan.ranges, DownPlan::kMaxRanges);
    for (const Range& range : std::span{plan.range}.first(plan.ranges)) {
      EXPECT_TRUE(repaired.emplace(range.stream, range.from).second);
    }
  }
  EXPECT_EQ(repaired.size(), (kStreams - 1) * holes.size());
}

TEST_F(ManyStreamsPlanTest, LossInSeveralStreamsReducesTheWindowOnce) {
  const std::array holes{wire::Hole{.start = 0, .bytes = 10}};
  for (auto& stream : streams_) stream.tail = 100;
  (void)send();
  const std::uint32_t before = state_.congestion.window;
  for (const std::size_t i : {1U, 2U, 3U, 32U}) {
    streams_[i].holes = holes;
    ++acks_.serial;
    (void)send();
  }
  EXPECT_EQ(state_.congestion.window, before * 7 / 10);
}

TEST_F(ManyStreamsPlanTest, AProbeIsTwoDatagramsLong) {
  for (auto& stream : streams_) stream.tail = 400;
  (void)send();
  now_ += seconds{1};
  std::uint64_t bytes = 0;
  const DownPlan plan = send();
  for (const Range& range : std::span{plan.range}.first(plan.ranges))
    bytes += range.to - range.from;
  EXPECT_EQ(bytes, 2 * kDatagramPayload);
}

TEST_F(ManyStreamsPlanTest, TheProbesTakeTurnsInAllRooms) {
  for (auto& stream : streams_) stream.tail = 300;
  (void)send();
  std::set<std::uint8_t> probed;
  for (std::size_t i = 0; i < 2 * kMaxProbes && probed.size() < kStreams; ++i) {
    now_ += seconds{3};
    const DownPlan plan = send();
    for (const Range& range : std::span{plan.range}.first(plan.ranges)) probed.insert(range.stream);
  }
  EXPECT_EQ(probed.size(), kStreams);
}

// A client knows these rooms only after it has read its mailbox.
TEST_F(ManyStreamsPlanTest, AMailboxIsNotHeldUpByFurtherRoomsThatAcknowledgeNothing) {
  SendStream& mailbox = streams_[wire::kMailboxStream];
  const auto& sent = states_[wire::kMailboxStream].sent;
  for (auto& stream : std::span{streams_}.subspan(wire::kFirstRoomStream)) stream.tail = 1000;
  (void)send();
  mailbox.tail = 3000;
  EXPECT_EQ(send().ranges, 0U) << "the window is full";
  for (int datagrams = 0; datagrams < 3; ++datagrams) {
    now_ = MonoTime{Micros{state_.timer}};
    (void)send();
    EXPECT_LE(sent - mailbox.acked, kDatagramPayload);
    acks_.acked_bytes += sent - mailbox.acked;
    mailbox.acked = sent;
    ++acks_.serial;
  }
  EXPECT_EQ(mailbox.acked, 3000U);
}

// All clients know this room: its acknowledgements let the mailbox out.
TEST_F(ManyStreamsPlanTest, AProbeOfTheMailboxKeepsTheWindowOfTheDefaultRoom) {
  streams_[wire::kRoomStream].tail = 1ULL << 40U;
  (void)send();
  streams_[wire::kMailboxStream].tail = 3000;
  for (int probes = 0; probes < 6; ++probes) {
    now_ = MonoTime{Micros{state_.timer}};
    (void)send();
    EXPECT_EQ(states_[wire::kMailboxStream].sent, 0U);
  }
}

TEST_F(ManyStreamsPlanTest, NoStreamsNeedNoTimer) {
  streams_[3].tail = 100;
  (void)send();
  EXPECT_NE(state_.timer, 0);
  streams_.clear();
  now_ += seconds{1};
  EXPECT_EQ(send().ranges, 0U);
  EXPECT_EQ(state_.timer, 0);
}

}  // namespace
}  // namespace chatd::transport
