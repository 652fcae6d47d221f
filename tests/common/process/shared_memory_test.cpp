// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/shared_memory.hpp"

#include <atomic>
#include <limits>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class SharedMemoryTest : public test::LeakCheck {};

TEST_F(SharedMemoryTest, StartsZeroedAndMoves) {
  auto memory = SharedMemory::create(10000);
  ASSERT_TRUE(memory.has_value());
  ASSERT_EQ(memory->bytes().size(), 10000U);
  for (const auto byte : memory->bytes()) ASSERT_EQ(byte, std::byte{0});
  const auto* before = memory->bytes().data();
  const SharedMemory moved = std::move(*memory);
  EXPECT_EQ(moved.bytes().data(), before);
}

TEST_F(SharedMemoryTest, AnImpossibleSizeIsAnError) {
  const auto memory = SharedMemory::create(std::numeric_limits<std::size_t>::max() / 2);
  ASSERT_FALSE(memory.has_value());
  EXPECT_EQ(memory.error().code(), ENOMEM);
}

TEST_F(SharedMemoryTest, AChildsWritesAreSeen) {
  auto number = SharedObject<std::atomic<int>>::create(0, 5);
  ASSERT_TRUE(number.has_value());
  Process child{[&] {
    **number += 37;
    return 0;
  }};
  ASSERT_TRUE(child.start().has_value());
  ASSERT_TRUE(child.join().value_or(false));
  EXPECT_EQ(**number, 42);
}

}  // namespace
}  // namespace chatd::process
