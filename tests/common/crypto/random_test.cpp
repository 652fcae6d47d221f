// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/random.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::crypto {
namespace {

TEST(Random, TwoKeysDiffer) {
  std::array<std::array<std::byte, 32>, 64> keys{};
  for (auto& key : keys) fill_random(key);
  std::ranges::sort(keys);
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

// More bytes than getrandom(2) promises to return at once.
TEST(Random, FillsALongBufferToItsEnd) {
  std::vector<std::byte> bytes(1U << 20U);
  fill_random(bytes);
  std::array<std::size_t, 256> counts{};
  for (const std::byte byte : bytes) ++counts[std::to_integer<std::size_t>(byte)];
  // 4096 expected; the limits are 20 standard deviations away.
  EXPECT_GT(std::ranges::min(counts), 2816U);
  EXPECT_LT(std::ranges::max(counts), 5376U);
  EXPECT_NE(std::ranges::count(std::span{bytes}.last(64), std::byte{0}), 64);
}

TEST(Random, AcceptsAnEmptyBuffer) { fill_random({}); }

}  // namespace
}  // namespace chatd::crypto
