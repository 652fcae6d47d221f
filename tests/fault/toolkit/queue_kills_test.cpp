// SPDX-License-Identifier: GPL-3.0-or-later
//
// 8 writers and 8 readers use one queue while one of them after another is killed at a random
// moment and replaced. Every item that a writer knows to be in the queue comes out exactly
// once, except for those that killed readers were getting.
#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/process/shared_memory.hpp"
#include "common/toolkit/event.hpp"
#include "common/toolkit/queue.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kWriters = 8;
constexpr unsigned kReaders = 8;
constexpr unsigned kKills = 120;
constexpr unsigned kLives = kWriters + kKills;  // writers, the replacements included
constexpr unsigned kItemsOfALife = 50'000;

struct Item {
  unsigned life;
  unsigned number;
};

// Counters that must survive their writer, so in shared memory.
struct Counters {
  std::array<std::atomic<unsigned>, kLives> put;  // items that put() accepted
  std::array<std::array<std::atomic<unsigned char>, kItemsOfALife>, kLives>
      got;  // how often it came out
};

class QueueKills : public test::LeakCheck {
 protected:
  std::unique_ptr<Process> start_writer() {
    const unsigned life = lives_++;
    auto writer = std::make_unique<Process>([this, life] {
      for (unsigned number = 0; number < kItemsOfALife && !stop_.is_set(); ++number) {
        if (!queue_.put({.life = life, .number = number}, seconds{60})) return 1;
        counters_->put[life].store(number + 1);
      }
      return 0;
    });
    EXPECT_TRUE(writer->start().has_value());
    return writer;
  }
  std::unique_ptr<Process> start_reader() {
    auto reader = std::make_unique<Process>([this] {
      for (;;) {
        const auto item = queue_.get(seconds{60});
        if (!item) return 1;
        if (!*item) return 0;
        ++counters_->got[(*item)->life][(*item)->number];
      }
    });
    EXPECT_TRUE(reader->start().has_value());
    return reader;
  }

  SharedObject<Counters> counters_ = SharedObject<Counters>::create(0).value();
  Queue<Item> queue_ = Queue<Item>::create(16).value();
  Event stop_ = Event::create().value();
  unsigned lives_{0};
};

TEST_F(QueueKills, OnlyTheItemsOfDeadReadersAreMissing) {
  std::vector<std::unique_ptr<Process>> crowd;
  for (unsigned i = 0; i < kWriters; ++i) crowd.push_back(start_writer());
  for (unsigned i = 0; i < kReaders; ++i) crowd.push_back(start_reader());

  std::mt19937 random{20261120};
  unsigned readers_killed = 0;
  for (unsigned kill = 0; kill < kKills; ++kill) {
    const unsigned index =
        std::uniform_int_distribution<unsigned>{0, kWriters + kReaders - 1}(random);
    auto& victim = crowd[index];
    // A random time passes before the kill; a writer can also have ended by itself.
    const milliseconds life{std::uniform_int_distribution<int>{1, 30}(random)};
    if (!victim->join(life).value()) {
      (void)victim->kill();  // fails if it has just ended by itself
      ASSERT_TRUE(victim->join(seconds{30}).value());
      if (index >= kWriters && victim->exit_status()->signal == SIGKILL) ++readers_killed;
    }
    victim = index < kWriters ? start_writer() : start_reader();
  }
  stop_.set();
  for (unsigned i = 0; i < kWriters; ++i) {
    ASSERT_TRUE(crowd[i]->join(seconds{120}).value()) << "a writer hangs";
    EXPECT_TRUE(crowd[i]->exit_status()->succeeded());
  }
  queue_.close();
  for (unsigned i = kWriters; i < kWriters + kReaders; ++i) {
    ASSERT_TRUE(crowd[i]->join(seconds{120}).value()) << "a reader hangs";
    EXPECT_TRUE(crowd[i]->exit_status()->succeeded());
  }

  unsigned long total = 0;
  unsigned missing = 0;
  for (unsigned life = 0; life < lives_; ++life) {
    const unsigned put = counters_->put[life];
    for (unsigned number = 0; number < kItemsOfALife; ++number) {
      const unsigned times = counters_->got[life][number];
      ASSERT_LE(times, 1U) << "item " << number << " of life " << life << " came twice";
      if (number < put && times == 0) ++missing;
      // A writer can be killed after its item is in the queue and before it has counted it.
      if (number > put) {
        ASSERT_EQ(times, 0U) << "an item that was not put";
      }
      total += times;
    }
  }
  EXPECT_LE(missing, readers_killed);
  EXPECT_GT(total, 1000U);
  RecordProperty("items", std::to_string(total));
  RecordProperty("missing", static_cast<int>(missing));
}

}  // namespace
}  // namespace chatd::process
