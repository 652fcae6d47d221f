// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/shared_value.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::seconds;

class SharedValueTest : public test::LeakCheck {};

struct Point {
  double x;
  double y;
  friend bool operator==(const Point&, const Point&) = default;
};

TEST_F(SharedValueTest, OverwritesAndReads) {
  auto value = SharedValue<Point>::create({.x = 1, .y = 2}).value();
  EXPECT_EQ(value.get(), (Point{.x = 1, .y = 2}));
  value.set({.x = 3, .y = 4});
  EXPECT_EQ(value.get(), (Point{.x = 3, .y = 4}));
}

TEST_F(SharedValueTest, ConcurrentUpdatesAreAllCounted) {
  auto counter = SharedValue<long>::create(10).value();
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 4; ++i) {
    processes.push_back(std::make_unique<Process>([&] {
      for (int n = 0; n < 2500; ++n) counter.update([](long& value) { ++value; });
      return 0;
    }));
    ASSERT_TRUE(processes.back()->start().has_value());
  }
  for (auto& process : processes) ASSERT_TRUE(process->join(seconds{60}).value_or(false));
  EXPECT_EQ(counter.get(), 10010);
}

}  // namespace
}  // namespace chatd::process
