// SPDX-License-Identifier: GPL-3.0-or-later
//
// 1,000 tasks over 4 workers while a worker is killed every 50 ms.
#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/pool.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PoolKills : public test::LeakCheck {};

// A few milliseconds of work; then something to tell it from other tasks' results.
unsigned work(unsigned number) {
  volatile unsigned state = number;
  for (int i = 0; i < 1'000'000; ++i) state = state * 1664525U + 1013904223U;
  return number * 3 + 1;
}

TEST_F(PoolKills, EveryOtherTaskCompletes) {
  constexpr unsigned kTasks = 1000;
  auto pool = Pool::create({.workers = 4}).value();
  std::vector<AsyncResult<unsigned>> results;
  for (unsigned i = 0; i < kTasks; ++i) results.push_back(pool.apply_async(&work, i).value());

  std::mt19937 random{42};
  unsigned kills = 0;
  unsigned died = 0;
  auto next_kill = steady_clock::now() + milliseconds{50};
  const auto kill_one_if_due = [&] {
    if (steady_clock::now() < next_kill) return;
    next_kill += milliseconds{50};
    const auto pids = pool.pids();
    if (pids.empty()) return;
    const auto victim = std::uniform_int_distribution<std::size_t>{0, pids.size() - 1}(random);
    if (::kill(pids[victim], SIGKILL) == 0) ++kills;
  };
  for (unsigned i = 0; i < kTasks; ++i) {
    kill_one_if_due();
    Result<unsigned> got = results[i].get(milliseconds{5});
    while (!got && is_timeout(got.error())) {
      kill_one_if_due();
      got = results[i].get(milliseconds{5});
    }
    if (got) {
      ASSERT_EQ(*got, i * 3 + 1);
    } else {
      ASSERT_EQ(got.error().message(), "worker died: killed by SIGKILL") << i;
      ++died;
    }
  }
  EXPECT_GT(kills, 5U);
  EXPECT_LE(died, kills);
  // The last one's death may only be seen, and answered, in the next calls.
  for (int i = 0; i < 1000 && pool.pids().size() < 4; ++i) {
    EXPECT_TRUE(pool.apply(&work, 1U).has_value());
  }
  EXPECT_EQ(pool.pids().size(), 4U) << "the dead were replaced";
  pool.close();
  EXPECT_TRUE(pool.join().has_value());
  RecordProperty("kills", static_cast<int>(kills));
  RecordProperty("tasks that died", static_cast<int>(died));
}

// The same with calls and results that fill the pipes, so that workers die in the middle
// of receiving and of answering.
TEST_F(PoolKills, LargeCallsToo) {
  auto pool = Pool::create({.workers = 2}).value();
  const auto echo = [](const std::string& text) { return text; };
  const std::string large(3'000'000, 'x');
  unsigned done = 0;
  unsigned died = 0;
  for (unsigned round = 0; round < 40; ++round) {
    auto result = pool.apply_async(echo, large).value();
    if (!result.ready()) {
      // Of the last round's dead the pool may only have heard, and not have replaced them yet.
      const auto pids = pool.pids();
      if (!pids.empty()) ::kill(pids[round % pids.size()], SIGKILL);
    }
    const auto got = result.get(std::chrono::seconds{60});
    if (got) {
      ASSERT_TRUE(*got == large);
      ++done;
    } else {
      ASSERT_EQ(got.error().code(), EOWNERDEAD) << got.error().message();
      ++died;
    }
  }
  EXPECT_EQ(done + died, 40U);
}

}  // namespace
}  // namespace chatd::process
