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

#include "common/process/pool.hpp"
#include "common/process/shared_memory.hpp"
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

// True: it lived until now. The pool may not have heard yet that it had died before.
bool strike(pid_t pid) {
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
    if (strike(pids[victim])) ++kills;
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

// Calls and results that fill the pipes, so that workers die in the middle of receiving and of
// answering.
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

  // One worker or the other, wherever it is. True: it lived until now.
  bool strike_any(Echoed& result, unsigned choice) {
    while (!result.ready()) {
      // Of the last round's dead the pool may only have heard, and not have replaced them yet.
      const auto pids = pool_.pids();
      if (!pids.empty()) return strike(pids[choice % pids.size()]);
    }
    return false;
  }
  // The one that has the answer and cannot get rid of it: that is more than the pipe holds, and
  // ready() is what reads it.
  bool strike_who_answers(Echoed& result) {
    const auto end = steady_clock::now() + std::chrono::seconds{60};
    while (!result.ready() && steady_clock::now() < end) {
      if (const pid_t pid = answering_->load(); pid != 0) return strike(pid);
    }
    return false;
  }

 private:
  // Who has carried the call out; the workers share it.
  SharedObject<std::atomic<pid_t>> answering_{
      SharedObject<std::atomic<pid_t>>::create(0, 0).value()};
  Pool pool_{Pool::create({.workers = 2}).value()};
  std::string large_ = std::string(3'000'000, 'x');
};

TEST_F(PoolKills, LargeCallsToo) {
  LargeCalls calls;
  unsigned anywhere = 0;
  unsigned in_answers = 0;
  for (unsigned round = 0; round < 40; ++round) {
    auto result = calls.call();
    const bool is_random = round % 2 == 0;
    const bool struck =
        is_random ? calls.strike_any(result, round / 2) : calls.strike_who_answers(result);
    if (is_random && struck) ++anywhere;
    const auto got = result.get(std::chrono::seconds{60});
    if (got) {
      ASSERT_TRUE(calls.is_right(*got));
    } else {
      ASSERT_EQ(got.error().code(), EOWNERDEAD) << got.error().message();
      ASSERT_TRUE(struck) << "nobody was killed";
      if (!is_random) ++in_answers;
    }
  }
  EXPECT_GT(anywhere, 5U);
  EXPECT_GT(in_answers, 5U);
}

}  // namespace
}  // namespace chatd::process
