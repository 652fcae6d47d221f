// SPDX-License-Identifier: GPL-3.0-or-later
//
// 1,000 tasks over 4 workers while a worker is killed every 50 ms.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/shared_memory.hpp"
#include "common/toolkit/pool.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PoolKills : public test::LeakCheck {};

// Works for a few milliseconds; returns a value that differs for each task.
unsigned work(unsigned number) {
  volatile unsigned state = number;
  for (int i = 0; i < 1'000'000; ++i) state = state * 1664525U + 1013904223U;
  return number * 3 + 1;
}

// Kills a worker. True: it was alive. The pool may not have noticed an earlier death yet.
bool kill_worker(pid_t pid) {
  siginfo_t death{};
  const int options = WEXITED | WNOHANG | WNOWAIT;
  const bool lives =
      ::waitid(P_PID, static_cast<id_t>(pid), &death, options) == 0 && death.si_pid == 0;
  return ::kill(pid, SIGKILL) == 0 && lives;
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
    if (kill_worker(pids[victim])) ++kills;
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
  EXPECT_GT(died, 0U);
  EXPECT_LE(died, kills);
  // The last death may only be noticed, and the worker replaced, in the next calls.
  for (int i = 0; i < 1000 && pool.pids().size() < 4; ++i) {
    EXPECT_TRUE(pool.apply(&work, 1U).has_value());
  }
  EXPECT_EQ(pool.pids().size(), 4U) << "the dead were replaced";
  pool.close();
  EXPECT_TRUE(pool.join().has_value());
  RecordProperty("kills", static_cast<int>(kills));
  RecordProperty("tasks that died", static_cast<int>(died));
}

// Calls and results that fill the pipes, so that workers die while they receive and while they
// reply.
class LargeCalls {
 public:
  using Echoed = AsyncResult<std::string>;

  Echoed call() {
    answering_->store(0);
    const auto echo = [answering = answering_.get()](const std::string& text) {
      answering->store(::getpid());
      return text;
    };
    return pool_.apply_async(echo, large_).value();
  }
  [[nodiscard]] bool is_right(const std::string& echoed) const { return echoed == large_; }

  // Kills one of the workers at any point of its work. True: it was alive.
  bool kill_any(Echoed& result, unsigned choice) {
    while (!result.ready()) {
      // The pool may have noticed the deaths of the last round without having replaced the workers.
      const auto pids = pool_.pids();
      if (!pids.empty()) return kill_worker(pids[choice % pids.size()]);
    }
    return false;
  }
  // Kills the worker that has the result and cannot send all of it: the result is larger than the
  // pipe, and only ready() reads from the pipe.
  bool kill_replying_worker(Echoed& result) {
    const auto end = steady_clock::now() + std::chrono::seconds{60};
    while (!result.ready() && steady_clock::now() < end) {
      if (const pid_t pid = answering_->load(); pid != 0) return kill_worker(pid);
    }
    return false;
  }

 private:
  // The worker that ran the call. Shared by the workers.
  SharedObject<std::atomic<pid_t>> answering_{
      SharedObject<std::atomic<pid_t>>::create(0, 0).value()};
  Pool pool_{Pool::create({.workers = 2}).value()};
  std::string large_ = std::string(3'000'000, 'x');
};

TEST_F(PoolKills, OnlyTheTasksOfDeadWorkersFailWithLargeCalls) {
  LargeCalls calls;
  unsigned anywhere = 0;
  unsigned in_answers = 0;
  for (unsigned round = 0; round < 40; ++round) {
    auto result = calls.call();
    const bool is_random = round % 2 == 0;
    const bool killed_one =
        is_random ? calls.kill_any(result, round / 2) : calls.kill_replying_worker(result);
    if (is_random && killed_one) ++anywhere;
    const auto got = result.get(std::chrono::seconds{60});
    if (got) {
      ASSERT_TRUE(calls.is_right(*got));
    } else {
      ASSERT_EQ(got.error().code(), EOWNERDEAD) << got.error().message();
      ASSERT_TRUE(killed_one) << "no worker was killed";
      if (!is_random) ++in_answers;
    }
  }
  EXPECT_GT(anywhere, 5U);
  EXPECT_GT(in_answers, 5U);
}

}  // namespace
}  // namespace chatd::process
