// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/join_rates.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;

class JoinRatesTest : public ::testing::Test {
 protected:
  // The number of told joins if each of `count` persons from `first` on joins once.
  int told(int count, int first, const std::string& address) {
    int admitted = 0;
    for (int i = 0; i < count; ++i) {
      const JoinRates::Joiner joiner{
          .person = state::PersonId{static_cast<std::uint64_t>(first) + static_cast<unsigned>(i)},
          .address = test::endpoint(address + ":5").address};
      if (!rates_.admits(joiner, now_)) continue;
      rates_.charge(joiner, now_);
      ++admitted;
    }
    return admitted;
  }
  int told_again(int count, int person, const std::string& address) {
    int admitted = 0;
    for (int i = 0; i < count; ++i) admitted += told(1, person, address);
    return admitted;
  }
  JoinRates rates_;
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(JoinRatesTest, APersonHasTenAtOnceAndOneInTenSeconds) {
  EXPECT_EQ(told_again(20, 1, "127.0.0.1"), 10);
  now_ += seconds{10};
  EXPECT_EQ(told_again(20, 1, "127.0.0.1"), 1);
  now_ += seconds{100};
  EXPECT_EQ(told_again(20, 1, "10.0.0.1"), 10) << "at each address";
}

TEST_F(JoinRatesTest, ANetworkHasFifteenAtOnceAndOneASecond) {
  EXPECT_EQ(told(40, 1, "10.0.0.1"), 15);
  EXPECT_EQ(told(40, 100, "10.0.0.1"), 0);
  EXPECT_EQ(told(40, 200, "10.0.0.2"), 15) << "another network";
  now_ += seconds{3};
  EXPECT_EQ(told(40, 300, "10.0.0.1"), 3);
  now_ += seconds{60};
  EXPECT_EQ(told(40, 400, "10.0.0.1"), 15);
}

TEST_F(JoinRatesTest, TheServersMachineIsNoNetwork) {
  EXPECT_EQ(told(40, 1, "127.0.0.1"), 40);
  EXPECT_EQ(told(40, 100, "[::1]"), 40);
}

TEST_F(JoinRatesTest, APersonThatIsNotAdmittedCostsItsNetworkNothing) {
  EXPECT_EQ(told_again(20, 1, "10.0.0.1"), 10);
  EXPECT_EQ(told(40, 2, "10.0.0.1"), 5);
}

TEST_F(JoinRatesTest, TextMembersOfTheServersMachineHaveNoRate) {
  const JoinRates::Joiner text{.person = {}, .address = test::endpoint("127.0.0.1:5").address};
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(rates_.admits(text, now_));
    rates_.charge(text, now_);
  }
}

}  // namespace
}  // namespace chatd::chat
