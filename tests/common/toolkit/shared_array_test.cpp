// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/shared_array.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::seconds;

class SharedArrayTest : public test::LeakCheck {};

TEST_F(SharedArrayTest, HoldsItsInitialValues) {
  auto array = SharedArray<int>::create(std::array{3, 1, 2}).value();
  EXPECT_EQ(array.size(), 3U);
  EXPECT_EQ(array.get(1), 1);
  array.set(1, 7);
  EXPECT_EQ(array.get_all(), (std::vector{3, 7, 2}));
  EXPECT_EQ(array.update(2, [](int& value) { value *= 10; }), 20);
  EXPECT_EQ(SharedArray<double>::create(4).value().get_all(), std::vector<double>(4));
  EXPECT_TRUE(SharedArray<int>::create(0).value().get_all().empty());
}

TEST_F(SharedArrayTest, UpdatesAllAtOnce) {
  auto array = SharedArray<int>::create(std::array{3, 1, 2}).value();
  array.update_all([](std::span<int> values) { std::ranges::sort(values); });
  array.update_all([](std::span<int> values) { values[0] = -1; });
  EXPECT_EQ(array.get_all(), (std::vector{-1, 2, 3}));
}

TEST_F(SharedArrayTest, AChangeThatThrowsChangesNothing) {
  auto array = SharedArray<int>::create(std::array{1, 2}).value();
  EXPECT_THROW(array.update_all([](std::span<int> values) {
    values[0] = 99;
    throw std::runtime_error{"no"};
  }),
               std::runtime_error);
  EXPECT_THROW(array.update(0,
                            [](int& value) {
                              value = 99;
                              throw std::runtime_error{"no"};
                            }),
               std::runtime_error);
  EXPECT_EQ(array.get_all(), (std::vector{1, 2}));
}

TEST_F(SharedArrayTest, AProcessThatDiesInAnUpdateChangesNothing) {
  auto array = SharedArray<int>::create(std::array{1, 2}).value();
  Process dying{[&] {
    array.update_all([](std::span<int> values) {
      values[0] = 99;
      ::_exit(0);
    });
    return 1;
  }};
  ASSERT_TRUE(dying.start().has_value());
  ASSERT_TRUE(dying.join(seconds{30}).value_or(false));
  EXPECT_EQ(array.get_all(), (std::vector{1, 2}));
}

TEST_F(SharedArrayTest, IndexBeyondTheEndEndsTheProgram) {
  auto array = SharedArray<int>::create(std::array{1, 2}).value();
  Process lost{[&] { return array.get(2); }};
  ASSERT_TRUE(lost.start().has_value());
  ASSERT_TRUE(lost.join(seconds{30}).value_or(false));
  EXPECT_EQ(lost.exit_status()->signal, SIGABRT);
}

}  // namespace
}  // namespace chatd::process
