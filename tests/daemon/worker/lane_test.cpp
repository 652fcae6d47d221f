// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/lane.hpp"

#include <gmock/gmock.h>

#include "common/io/udp_socket.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::worker {
namespace {

class LaneTest : public ::testing::Test {
 protected:
  UniqueFd server_{io::open_udp_socket(test::endpoint("127.0.0.1:0")).value()};
  test::UdpClient ada_;
  state::WorkerCounters counters_{};
  WallTime now_{};
  Lane lane_{server_.get(), [this] { return now_; }};
};

TEST_F(LaneTest, AMarkMovesWhenTheKernelHasTheDatagram) {
  std::atomic<std::uint64_t> room{1};
  std::atomic<std::uint64_t> mailbox{2};
  const auto space = lane_.room(5);
  ASSERT_EQ(space.size(), 5U);
  std::ranges::fill(space, std::byte{'x'});
  lane_.keep(5);
  const std::array marks{Mark{.sent = &room, .value = 10}, Mark{.sent = &mailbox, .value = 20}};
  lane_.add(ada_.endpoint(), {}, space, 0, {.marks = marks, .lines = 3});
  EXPECT_EQ(room, 1U);
  lane_.flush(counters_);
  EXPECT_EQ(room, 10U);
  EXPECT_EQ(mailbox, 20U);
  EXPECT_EQ(counters_.lines_delivered, 3U);
  EXPECT_EQ(counters_.datagrams_sent, 1U);
  EXPECT_EQ(ada_.next(), "xxxxx");
  EXPECT_TRUE(lane_.is_empty());
}

TEST_F(LaneTest, ADatagramIsTimedWhenTheKernelHasIt) {
  state::Histogram text{};
  state::Histogram native{};
  const auto add = [&](std::int64_t appended, state::Histogram* latency) {
    lane_.add(ada_.endpoint(), {}, std::as_bytes(std::span{"x", 1}), 0,
              {.appended = appended, .latency = latency});
  };
  add(1'000, &text);
  add(1'000, &text);
  add(1'000, &native);
  add(5'000, &native);
  add(0, nullptr);
  now_ = test::wall_at(std::chrono::microseconds{6'000});
  EXPECT_EQ(text.buckets[3].load(), 0U);
  lane_.flush(counters_);
  EXPECT_EQ(text.buckets[3].load(), 2U);  // from 2.5 to 5 ms
  EXPECT_EQ(text.sum.load(), 10'000U);
  EXPECT_EQ(native.buckets[3].load(), 1U);
  EXPECT_EQ(native.buckets[1].load(), 1U);
  EXPECT_EQ(native.sum.load(), 6'000U);
}

TEST_F(LaneTest, IsFullBeforeTheMarksDoNotFit) {
  std::array<std::atomic<std::uint64_t>, Lane::kMaxMarks> sent{};
  std::uint64_t value = 0;
  while (!lane_.is_full()) {
    ++value;
    std::vector<Mark> marks;
    for (auto& one : sent) marks.push_back({.sent = &one, .value = value});
    lane_.add(ada_.endpoint(), {}, std::as_bytes(std::span{"text"}), 0, {.marks = marks});
  }
  EXPECT_GT(value, 1U);
  lane_.flush(counters_);
  for (const auto& one : sent) EXPECT_EQ(one.load(), value);
  EXPECT_FALSE(lane_.is_full());
}

TEST_F(LaneTest, BufferSpaceIsFreeAgainAfterAFlush) {
  std::size_t given = 0;
  while (!lane_.room(1200).empty()) {
    lane_.keep(1200);
    ++given;
  }
  EXPECT_GT(given, 100U);
  lane_.flush(counters_);
  EXPECT_FALSE(lane_.room(1200).empty());
}

}  // namespace
}  // namespace chatd::worker
