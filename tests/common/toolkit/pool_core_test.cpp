// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_core.hpp"

#include <gtest/gtest.h>

#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class PoolCoreTest : public test::LeakCheck {};

Result<> echo(std::span<const std::byte> in, Bytes& out) {
  append_raw(out, in.data(), in.size());
  return {};
}

TEST_F(PoolCoreTest, CarriesCallsOfAnySize) {
  auto core = PoolCore::create({.workers = 2}).value();
  for (const std::size_t size :
       {0UZ, 1UZ, TaskBoard::max_call_size(), TaskBoard::max_call_size() + 1, 10'000'000UZ}) {
    Bytes call(size);
    for (std::size_t i = 0; i < size; ++i) call[i] = static_cast<std::byte>(i % 251);
    auto task = core->submit(&echo, call).value();
    ASSERT_TRUE(core->wait(*task, Deadline{std::chrono::seconds{60}}).value()) << size;
    const Bytes& reply = task->outcome->value();
    ASSERT_TRUE(std::ranges::equal(std::span{reply}.subspan(sizeof(ReplyHeader)), call)) << size;
  }
}

TEST_F(PoolCoreTest, AcceptsMoreTasksThanTheBoardHolds) {
  auto core = PoolCore::create({.workers = 1}).value();
  std::vector<PoolTaskPtr> tasks;
  for (int i = 0; i < 40; ++i) tasks.push_back(core->submit(&echo, Bytes(400'000)).value());
  core->close();
  ASSERT_TRUE(core->join().has_value());
  for (const auto& task : tasks) EXPECT_TRUE(task->outcome->has_value());
}

TEST_F(PoolCoreTest, RefusesTooManyWorkers) {
  EXPECT_FALSE(PoolCore::create({.workers = kMaxWorkers + 1}).has_value());
}

TEST_F(PoolCoreTest, CountsUsableCores) { EXPECT_GE(usable_cores(), 1U); }

}  // namespace
}  // namespace chatd::process
