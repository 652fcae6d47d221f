// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/natural_order.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd {
namespace {

const std::vector<std::string> kInOrder{"",
                                        "0",
                                        "00",
                                        "007",
                                        "7",
                                        "member",
                                        "member01",
                                        "member1",
                                        "member2",
                                        "member10",
                                        "member10a",
                                        "member10b2",
                                        "member10b11",
                                        "member99999999999999999999",
                                        "member100000000000000000000",
                                        "members",
                                        "李2",
                                        "李10"};

TEST(NaturalOrder, NumbersInNamesCountAsNumbers) {
  std::vector<std::string> names = kInOrder;
  std::ranges::shuffle(names, std::mt19937{7});
  std::ranges::sort(names, is_before);
  EXPECT_EQ(names, kInOrder);
}

TEST(NaturalOrder, IsStrict) {
  for (const std::string& one : kInOrder) {
    EXPECT_FALSE(is_before(one, one)) << one;
    for (const std::string& other : kInOrder) {
      if (one != other) {
        EXPECT_NE(is_before(one, other), is_before(other, one)) << one << " " << other;
      }
    }
  }
}

}  // namespace
}  // namespace chatd
