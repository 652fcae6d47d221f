// SPDX-License-Identifier: GPL-3.0-or-later
#include "examples/workloads.hpp"

#include <gtest/gtest.h>

#include "tests/support/leak_check.hpp"

namespace chatd::examples {
namespace {

class WorkloadsTest : public test::LeakCheck {};

TEST_F(WorkloadsTest, CountsPrimes) {
  EXPECT_EQ(count_primes(2).value(), 0U);
  EXPECT_EQ(count_primes(3).value(), 1U);
  EXPECT_EQ(count_primes(100).value(), 25U);
}

TEST_F(WorkloadsTest, ReadsBackTheWrittenBytes) {
  EXPECT_EQ(write_and_read(0).value(), 0U);
  // 0 to 255, four times in a KiB.
  EXPECT_EQ(write_and_read(2).value(), 2UL * 4 * (255 * 256 / 2));
}

TEST_F(WorkloadsTest, EveryMannerDoesTheSameWork) {
  for (const auto manner : kManners) {
    const auto primes = run_workload(manner, &count_primes, 1000, 5, 2);
    ASSERT_TRUE(primes.has_value()) << primes.error().message();
    EXPECT_EQ(primes->sum, 5U * 168) << to_text(manner);
    EXPECT_GT(primes->wall.count(), 0);
    EXPECT_GE(primes->cpu.count(), 0);
    const auto files = run_workload(manner, &write_and_read, 1, 3, 2);
    ASSERT_TRUE(files.has_value()) << files.error().message();
    EXPECT_EQ(files->sum, 3UL * 4 * (255 * 256 / 2)) << to_text(manner);
  }
}

Result<unsigned long> fails(unsigned long) { return fail("out of luck"); }

TEST_F(WorkloadsTest, AFailedTaskFailsTheWorkload) {
  for (const auto manner : kManners) {
    const auto measured = run_workload(manner, &fails, 1, 2, 2);
    ASSERT_FALSE(measured.has_value());
    EXPECT_TRUE(measured.error().message().starts_with(to_text(manner)));
  }
}

}  // namespace
}  // namespace chatd::examples
