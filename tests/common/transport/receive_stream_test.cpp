// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/receive_stream.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>

namespace chatd::transport {
namespace {

constexpr std::uint32_t kWindow = 1024;

std::byte byte_at(std::uint64_t offset) {
  return static_cast<std::byte>(offset * 31 + offset / 256);
}

std::vector<std::byte> bytes(std::uint64_t offset, std::size_t size) {
  std::vector<std::byte> result(size);
  for (std::size_t i = 0; i < size; ++i) result[i] = byte_at(offset + i);
  return result;
}

TEST(ReceiveStream, AHoleIsNewOnce) {
  ReceiveStream stream{0, kWindow};
  EXPECT_TRUE(stream.add(100, bytes(100, 10)).new_hole);
  EXPECT_FALSE(stream.add(110, bytes(110, 10)).new_hole);
  EXPECT_TRUE(stream.add(200, bytes(200, 10)).new_hole);
  EXPECT_FALSE(stream.add(100, bytes(100, 10)).fresh);
  const auto ack = stream.ack(1);
  ASSERT_EQ(ack.holes, 2U);
  EXPECT_EQ(ack.hole[0], (wire::Hole{0, 100}));
  EXPECT_EQ(ack.hole[1], (wire::Hole{120, 80}));
}

TEST(ReceiveStream, BytesOutsideOfTheWindowAreIgnored) {
  ReceiveStream stream{5000, kWindow};
  EXPECT_FALSE(stream.add(0, bytes(0, 100)).fresh);
  EXPECT_FALSE(stream.add(5000 + kWindow - 5, bytes(0, 10)).fresh);
  EXPECT_FALSE(stream.add(~0ULL - 5, bytes(0, 100)).fresh);
  EXPECT_TRUE(stream.add(4990, bytes(4990, 20)).fresh);
  EXPECT_EQ(stream.cumulative(), 5010U);
  EXPECT_EQ(stream.ack(0).window, kWindow - 10);
}

TEST(ReceiveStream, AJumpKeepsTheBytesBehindIt) {
  ReceiveStream stream{0, kWindow};
  stream.add(0, bytes(0, 10));
  stream.add(300, bytes(300, 50));
  EXPECT_FALSE(stream.skip(50, 90));  // that is not where it waits
  EXPECT_TRUE(stream.skip(10, 320));
  EXPECT_EQ(stream.next(), 320U);
  EXPECT_TRUE(std::ranges::equal(stream.readable(), bytes(320, 30)));
}

// Against the simplest thing that could work: a set of offsets.
TEST(ReceiveStream, IsTheSameAsASetOfBytes) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random{seed};
    ReceiveStream stream{0, kWindow};
    std::set<std::uint64_t> have;
    std::uint64_t next = 0;
    for (int step = 0; step < 300; ++step) {
      const std::uint64_t offset = next + random() % (kWindow + 50);
      const std::size_t size = 1 + random() % 80;
      stream.add(offset, bytes(offset, size));
      if (offset + size <= next + kWindow) {
        for (std::uint64_t i = 0; i < size; ++i) have.insert(offset + i);
      }
      std::uint64_t whole = next;
      while (have.contains(whole)) ++whole;
      ASSERT_EQ(stream.cumulative(), whole) << seed << " " << step;
      ASSERT_TRUE(std::ranges::equal(stream.readable(), bytes(next, whole - next))) << seed;
      if (random() % 4 == 0) {
        const std::uint64_t taken = random() % (whole - next + 1);
        stream.consume(taken);
        next += taken;
      }
    }
  }
}

}  // namespace
}  // namespace chatd::transport
