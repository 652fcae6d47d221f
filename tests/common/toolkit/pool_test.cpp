// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool.hpp"

#include <unistd.h>

#include <csignal>
#include <numeric>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "common/toolkit/event.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PoolTest : public test::LeakCheck {
 protected:
  static Pool make(unsigned workers = 2) { return Pool::create({.workers = workers}).value(); }
};

int square(int value) { return value * value; }

TEST_F(PoolTest, RunsATaskInAnotherProcess) {
  auto pool = make();
  EXPECT_EQ(pool.apply(&square, 7).value(), 49);
  EXPECT_NE(pool.apply([] { return ::getpid(); }).value(), ::getpid());
  EXPECT_TRUE(pool.apply([] {}).has_value());
}

TEST_F(PoolTest, SizeDefaultsToTheUsableCores) {
  auto pool = Pool::create().value();
  EXPECT_EQ(pool.size(), usable_cores());
  EXPECT_EQ(pool.pids().size(), pool.size());
}

TEST_F(PoolTest, EachResultBelongsToItsTask) {
  auto pool = make(3);
  std::vector<AsyncResult<int>> results;
  for (int i = 0; i < 500; ++i) results.push_back(pool.apply_async(&square, i).value());
  for (int i = 499; i >= 0; --i) {
    EXPECT_EQ(results[static_cast<std::size_t>(i)].get().value(), i * i);
  }
}

Event* gate = nullptr;  // for tasks: at the same address in the workers

TEST_F(PoolTest, ReadyAndTimeoutOfARunningTask) {
  auto event = Event::create().value();
  gate = &event;
  auto pool = make(1);
  auto result = pool.apply_async([] { return gate->wait(seconds{30}); }).value();
  EXPECT_FALSE(result.ready());
  EXPECT_TRUE(is_timeout(result.get(kNoWait).error()));
  EXPECT_TRUE(is_timeout(result.get(milliseconds{5}).error()));
  event.set();
  EXPECT_TRUE(result.get(seconds{30}).value());
  EXPECT_TRUE(result.ready());
  EXPECT_TRUE(result.get(kNoWait).value()) << "get() may be repeated";
}

TEST_F(PoolTest, GetReturnsTheErrorOfATask) {
  auto pool = make();
  auto thrown = pool.apply([](int) -> int { throw std::runtime_error{"too hot"}; }, 1);
  ASSERT_FALSE(thrown.has_value());
  EXPECT_EQ(thrown.error().message(), "uncaught exception: too hot");
  auto returned = pool.apply([]() -> Result<int> { return fail(Error{"too cold", 40}); });
  ASSERT_FALSE(returned.has_value());
  EXPECT_EQ(returned.error().message(), "too cold");
  EXPECT_EQ(returned.error().code(), 40);
  EXPECT_EQ(pool.apply(&square, 2).value(), 4) << "the worker goes on";
}

TEST_F(PoolTest, LargeArgumentsAndResultsAreCopied) {
  auto pool = make();
  std::string text(3'000'000, 'x');
  text += "end";
  auto back = pool.apply([](const std::string& in) { return in + in; }, text);
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(*back == text + text);
}

TEST_F(PoolTest, MapKeepsTheOrder) {
  auto pool = make();
  std::vector<int> values(10'000);
  std::iota(values.begin(), values.end(), -5000);
  for (const std::size_t chunk : {0UZ, 1'000UZ, 9'999UZ, 50'000UZ}) {
    const auto squares = pool.map(&square, values, chunk).value();
    ASSERT_EQ(squares.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(squares[i], square(values[i]));
  }
  EXPECT_TRUE(pool.map(&square, std::vector<int>{}).value().empty());
  const auto words = pool.map([](const std::string& word) { return word + "!"; },
                              std::vector<std::string>{"a", "bc"}, 1);
  EXPECT_EQ(words.value(), (std::vector<std::string>{"a!", "bc!"}));
}

TEST_F(PoolTest, MapFailsWithItsFirstError) {
  auto pool = make();
  const auto checked = [](int value) -> Result<int> {
    if (value > 1) return fail("bad " + std::to_string(value));
    return value;
  };
  EXPECT_EQ(pool.map(checked, std::vector{0, 1, 2, 3}, 1).error().message(), "bad 2");
  EXPECT_EQ(pool.map(checked, std::vector{0, 1}, 1).value(), (std::vector{0, 1}));
}

TEST_F(PoolTest, AClosedPoolFinishesItsTasksAndAcceptsNoMore) {
  auto pool = make();
  auto early = pool.join();
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().message(), "join a pool: close() or terminate() it first");
  auto before = pool.apply_async(&square, 5).value();
  pool.close();
  auto after = pool.apply_async(&square, 6);
  ASSERT_FALSE(after.has_value());
  EXPECT_EQ(after.error().message(), "the pool is closed");
  EXPECT_TRUE(pool.join().has_value());
  EXPECT_EQ(before.get(kNoWait).value(), 25);
  EXPECT_FALSE(test::has_children());
}

TEST_F(PoolTest, TerminateEndsRunningTasks) {
  auto pool = make();
  auto endless = pool.apply_async([] { return ::pause(); }).value();
  pool.terminate();
  EXPECT_TRUE(pool.join().has_value());
  auto got = endless.get();
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().code(), ECANCELED);
  EXPECT_FALSE(test::has_children());
}

TEST_F(PoolTest, AResultOutlivesThePool) {
  auto result = [] {
    auto pool = make();
    return pool.apply_async([] { return ::pause(); }).value();
  }();
  EXPECT_EQ(result.get().error().code(), ECANCELED);
  EXPECT_TRUE(result.ready());
}

TEST_F(PoolTest, AWorkerThatDiesFailsOnlyItsTask) {
  auto pool = make();
  auto first = pool.apply_async(&square, 3).value();
  auto killed = pool.apply_async([] { return ::raise(SIGKILL); }).value();
  auto exits = pool.apply_async([]() -> int { ::_exit(3); }).value();
  std::vector<AsyncResult<int>> others;
  for (int i = 0; i < 50; ++i) others.push_back(pool.apply_async(&square, i).value());
  EXPECT_EQ(killed.get(seconds{60}).error().message(), "worker died: killed by SIGKILL");
  EXPECT_EQ(killed.get(seconds{60}).error().code(), EOWNERDEAD);
  EXPECT_EQ(exits.get(seconds{60}).error().message(), "worker died: exited with status 3");
  EXPECT_EQ(first.get(seconds{60}).value(), 9);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(others[static_cast<std::size_t>(i)].get(seconds{60}).value(), i * i);
  }
}

TEST_F(PoolTest, AChildOfTheOwnerCannotUseIt) {
  auto pool = make();
  Process child{[&] { return pool.apply_async(&square, 1).error().code() == EPERM ? 0 : 1; }};
  ASSERT_TRUE(child.start().has_value());
  ASSERT_TRUE(child.join(seconds{30}).value_or(false));
  EXPECT_TRUE(child.exit_status()->succeeded());
  EXPECT_EQ(pool.apply(&square, 2).value(), 4);
}

}  // namespace
}  // namespace chatd::process
