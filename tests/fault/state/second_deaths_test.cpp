// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/crash.hpp"

namespace chatd::test {
namespace {

constexpr int kLast{40};

std::set<int> crash_points(SecondDeaths deaths) {
  std::set<int> found;
  for (int point = deaths.after(0); point <= kLast; point = deaths.after(point)) {
    found.insert(point);
  }
  return found;
}

// The environment of the test, which has the seed, is as before afterwards.
class SecondDeathsTest : public ::testing::Test {
 protected:
  static constexpr const char* kSeed{"CHATD_TEST_SEED"};
  ~SecondDeathsTest() override {
    if (seed_.empty()) {
      ::unsetenv(kSeed);
    } else {
      ::setenv(kSeed, seed_.c_str(), 1);
    }
  }
  static std::set<int> drawn(int seed) {
    ::setenv(kSeed, std::to_string(seed).c_str(), 1);
    return crash_points(SecondDeaths{true});
  }

 private:
  std::string seed_{std::getenv(kSeed) != nullptr ? std::getenv(kSeed) : ""};
};

TEST_F(SecondDeathsTest, WithoutASampleEachCrashPointIsTried) {
  EXPECT_EQ(crash_points(SecondDeaths{false}).size(), std::size_t{kLast});
}

TEST_F(SecondDeathsTest, ASampleIsAPartAndTheSameWithTheSameSeed) {
  EXPECT_LT(drawn(1).size(), std::size_t{kLast} / 4);
  EXPECT_EQ(drawn(1), drawn(1));
}

TEST_F(SecondDeathsTest, EachCrashPointIsDrawnBySomeSeed) {
  std::set<int> found;
  for (int seed = 1; seed <= 1000; ++seed) found.merge(drawn(seed));
  EXPECT_EQ(found.size(), std::size_t{kLast});
}

}  // namespace
}  // namespace chatd::test
