// SPDX-License-Identifier: GPL-3.0-or-later
// toolkit_bench.cpp — measures the speed of common/process and common/toolkit. Prints a line
// "NAME FIGURE" for each one, with the figure in calls a second; toolkit_bench.py does the same
// work with Python's multiprocessing and compares.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/toolkit/pool.hpp"
#include "common/toolkit/queue.hpp"

namespace {

using namespace chatd::process;
using chatd::fail;
using chatd::Result;

constexpr int kTasks = 100'000;
constexpr long kIntegers = 1'000'000;
constexpr int kMessages = 200'000;
constexpr std::size_t kQueued = 1000;

long add_one(long value) { return value + 1; }

// Returns `count` divided by the time of `run` in seconds; an error if `run` reports a wrong
// result.
Result<double> measure(long count, const std::function<Result<bool>()>& run) {
  const auto start = std::chrono::steady_clock::now();
  const auto right = run();
  if (!right) return fail(right.error());
  if (!*right) return fail("a wrong result");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(count) / took.count();
}

Result<bool> many_tasks(Pool& pool) {
  std::vector<AsyncResult<long>> results;
  results.reserve(kTasks);
  for (long i = 0; i < kTasks; ++i) {
    auto result = pool.apply_async(&add_one, i);
    if (!result) return fail(std::move(result).error());
    results.push_back(std::move(*result));
  }
  for (long i = 0; i < kTasks; ++i) {
    const auto value = results[static_cast<std::size_t>(i)].get();
    if (!value) return fail(value.error());
    if (*value != i + 1) return false;
  }
  return true;
}

Result<bool> one_map(Pool& pool) {
  std::vector<long> values(kIntegers);
  std::iota(values.begin(), values.end(), 0);
  const auto results = pool.map(&add_one, values);
  if (!results) return fail(results.error());
  for (long& value : values) ++value;
  return *results == values;
}

Result<bool> through_a_queue() {
  auto queue = Queue<int>::create(kQueued);
  if (!queue) return fail(std::move(queue).error());
  Process writer{[&] {
    for (int i = 0; i < kMessages; ++i) {
      if (!queue->put(i)) return 1;
    }
    return 0;
  }};
  if (auto started = writer.start(); !started) return fail(std::move(started).error());
  for (int i = 0; i < kMessages; ++i) {
    const auto item = queue->get();
    if (!item) return fail(item.error());
    if (*item != i) return false;
  }
  return writer.join();
}

Result<bool> through_a_pipe() {
  auto pipe = make_pipe(PipeKind::one_way);
  if (!pipe) return fail(std::move(pipe).error());
  auto& [receiver, sender] = *pipe;
  Process writer{[&sender = sender] {
    for (int i = 0; i < kMessages; ++i) {
      if (!sender.send(std::as_bytes(std::span{&i, 1}))) return 1;
    }
    return 0;
  }};
  if (auto started = writer.start(); !started) return fail(std::move(started).error());
  sender.close();
  for (int i = 0; i < kMessages; ++i) {
    const auto message = receiver.receive();
    if (!message) return fail(message.error());
    int value = -1;
    if (*message && (*message)->size() == sizeof value) {
      std::memcpy(&value, (*message)->data(), sizeof value);
    }
    if (value != i) return false;
  }
  return writer.join();
}

bool report(std::string_view name, const Result<double>& rate) {
  if (!rate) {
    fmt::print(stderr, "toolkit_bench: {}: {}\n", name, rate.error().message());
    return false;
  }
  fmt::print("{} {:.0f}\n", name, *rate);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main() {
  auto pool = Pool::create();
  if (!pool) {
    fmt::print(stderr, "toolkit_bench: {}\n", pool.error().message());
    return 1;
  }
  const bool done = report("apply_async", measure(kTasks, [&] { return many_tasks(*pool); })) &&
                    report("map", measure(kIntegers, [&] { return one_map(*pool); })) &&
                    report("queue", measure(kMessages, &through_a_queue)) &&
                    report("pipe", measure(kMessages, &through_a_pipe));
  return done ? 0 : 1;
}
