// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/command_mask.hpp"

#include <set>

#include <gtest/gtest.h>

namespace chatd::transport {
namespace {

constexpr wire::CommandKey kKey{std::byte{1}};
constexpr std::uint64_t kOffset = 4711;

TEST(CommandMask, TheKeyUnmasksWhatItMasked) {
  CommandMask gateway;
  CommandMask client;
  const std::uint64_t masked = gateway.apply(kKey, 7, 9, kOffset);
  EXPECT_NE(masked, kOffset);
  EXPECT_EQ(client.apply(kKey, 7, 9, masked), kOffset);
  EXPECT_NE(client.apply({}, 7, 9, masked), kOffset);
}

TEST(CommandMask, NoCommandStaysNoCommand) { EXPECT_EQ(CommandMask{}.apply(kKey, 7, 9, 0), 0U); }

// Else the difference of two records would be the bytes that were sent between them.
TEST(CommandMask, EachRecordOfEachLogHasAnotherMask) {
  CommandMask mask;
  std::set<std::uint64_t> masks;
  for (std::uint64_t log = 0; log < 20; ++log) {
    for (std::uint64_t number = 0; number < 20; ++number) {
      masks.insert(mask.apply(kKey, log, number, kOffset) ^ kOffset);
    }
  }
  EXPECT_EQ(masks.size(), 400U);
}

}  // namespace
}  // namespace chatd::transport
