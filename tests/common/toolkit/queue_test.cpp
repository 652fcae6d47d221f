// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/queue.hpp"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/toolkit/shared_array.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class QueueTest : public test::LeakCheck {};

TEST_F(QueueTest, FirstInFirstOut) {
  auto queue = Queue<int>::create(3).value();
  EXPECT_TRUE(queue.empty());
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(queue.put(round).has_value());
    ASSERT_TRUE(queue.put(round + 1).has_value());
    EXPECT_EQ(queue.size(), 2U);
    EXPECT_EQ(queue.get().value(), round);
    EXPECT_EQ(queue.get().value(), round + 1);
  }
  EXPECT_TRUE(queue.empty());
}

TEST_F(QueueTest, HoldsExactlyItsMaxItems) {
  auto queue = Queue<char>::create(3).value();
  for (const char item : {'a', 'b', 'c'}) ASSERT_TRUE(queue.put(item, kNoWait).has_value());
  EXPECT_TRUE(queue.full());
  EXPECT_TRUE(is_timeout(queue.put('d', kNoWait).error()));
  EXPECT_TRUE(is_timeout(queue.put('d', milliseconds{5}).error()));
  EXPECT_EQ(queue.get().value(), 'a');
  EXPECT_FALSE(queue.full());
  EXPECT_TRUE(queue.put('d', kNoWait).has_value());
}

TEST_F(QueueTest, AnEmptyQueueTimesOut) {
  auto queue = Queue<int>::create(1).value();
  EXPECT_TRUE(is_timeout(queue.get(kNoWait).error()));
  EXPECT_TRUE(is_timeout(queue.get(milliseconds{5}).error()));
}

TEST_F(QueueTest, RefusesImpossibleSizes) {
  EXPECT_FALSE(Queue<int>::create(0).has_value());
  EXPECT_FALSE(Queue<int>::create(~std::size_t{0}).has_value());
}

TEST_F(QueueTest, AClosedQueueIsEmptiedAndThenEnds) {
  auto queue = Queue<int>::create(4).value();
  ASSERT_TRUE(queue.put(1).has_value());
  EXPECT_FALSE(queue.is_closed());
  queue.close();
  EXPECT_TRUE(queue.is_closed());
  auto refused = queue.put(2);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), EPIPE);
  EXPECT_EQ(queue.get().value(), 1);
  EXPECT_EQ(queue.get().value(), std::nullopt);
  EXPECT_EQ(queue.get().value(), std::nullopt);
}

TEST_F(QueueTest, CloseWakesAllWaiters) {
  auto full = Queue<int>::create(1).value();
  auto empty = Queue<int>::create(1).value();
  ASSERT_TRUE(full.put(0).has_value());
  Process writer{[&] { return full.put(1, seconds{30}).error().code() == EPIPE ? 0 : 1; }};
  Process reader{[&] { return empty.get(seconds{30}).value() == std::nullopt ? 0 : 1; }};
  ASSERT_TRUE(writer.start().has_value());
  ASSERT_TRUE(reader.start().has_value());
  full.close();
  empty.close();
  for (Process* process : {&writer, &reader}) {
    EXPECT_TRUE(process->join(seconds{60}).value_or(false));
    EXPECT_TRUE(process->exit_status()->succeeded());
  }
}

TEST_F(QueueTest, ManyWritersAndReadersUseItAcrossProcesses) {
  constexpr int kEach = 2000;
  constexpr std::size_t kWriters = 4;
  auto queue = Queue<int>::create(7).value();
  auto times = SharedArray<char>::create(kWriters * kEach).value();
  std::vector<std::unique_ptr<Process>> writers;
  std::vector<std::unique_ptr<Process>> readers;
  for (std::size_t w = 0; w < kWriters; ++w) {
    writers.push_back(std::make_unique<Process>([&, w] {
      for (int i = 0; i < kEach; ++i) {
        if (!queue.put(static_cast<int>(w) * kEach + i, seconds{60})) return 1;
      }
      return 0;
    }));
    readers.push_back(std::make_unique<Process>([&] {
      for (;;) {
        auto item = queue.get(seconds{60});
        if (!item) return 1;
        if (!*item) return 0;
        times.update(static_cast<std::size_t>(**item), [](char& count) { ++count; });
      }
    }));
    ASSERT_TRUE(writers.back()->start().has_value());
    ASSERT_TRUE(readers.back()->start().has_value());
  }
  for (auto& writer : writers) ASSERT_TRUE(writer->join(seconds{60}).value_or(false));
  queue.close();
  for (auto& reader : readers) {
    ASSERT_TRUE(reader->join(seconds{60}).value_or(false));
    EXPECT_TRUE(reader->exit_status()->succeeded());
  }
  EXPECT_EQ(times.get_all(), std::vector<char>(kWriters * kEach, 1));
}

TEST_F(QueueTest, ThreadsUseItToo) {
  auto queue = Queue<long>::create(2).value();
  long sum = 0;
  {
    const std::jthread writer{[&] {
      for (long i = 1; i <= 1000; ++i) static_cast<void>(queue.put(i));
      queue.close();
    }};
    for (;;) {
      const auto item = queue.get(seconds{30}).value();
      if (!item) break;
      sum += *item;
    }
  }
  EXPECT_EQ(sum, 500500);
}

}  // namespace
}  // namespace chatd::process
