// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/change_rates.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;

IpAddress address(std::string_view text) { return test::endpoint(text).address; }
MonoTime second(std::int64_t time) { return MonoTime{seconds{1000 + time}}; }

TEST(ChangeRatesTest, APersonMakesTenChangesAMinute) {
  ChangeRates rates;
  const IpAddress home = address("192.0.2.1:5");
  for (std::uint32_t i = 0; i < ChangeRates::kOfAPerson; ++i) {
    EXPECT_FALSE(rates.refuse(state::PersonId{1}, home, second(0)));
  }
  EXPECT_EQ(rates.refuse(state::PersonId{1}, home, second(0)), seconds{6});
  EXPECT_EQ(rates.refuse(state::PersonId{1}, home, second(5)), seconds{1});
  EXPECT_FALSE(rates.refuse(state::PersonId{1}, home, second(6)));
  EXPECT_FALSE(rates.refuse(state::PersonId{2}, home, second(6)));
}

TEST(ChangeRatesTest, ANetworkMakesSixtyChangesAMinute) {
  ChangeRates rates;
  std::uint32_t made = 0;
  for (std::uint64_t person = 1; person <= 100; ++person) {
    const IpAddress from = address(person % 2 == 0 ? "[2001:db8::1]:5" : "[2001:db8::f:2]:6");
    for (int i = 0; i < 3; ++i) {
      if (!rates.refuse(state::PersonId{person}, from, second(0))) ++made;
    }
  }
  EXPECT_EQ(made, ChangeRates::kOfANetwork);
  EXPECT_FALSE(rates.refuse(state::PersonId{500}, address("[2001:db8:0:1::1]:5"), second(0)));
}

TEST(ChangeRatesTest, ARefusedChangeCostsThePersonNothing) {
  ChangeRates rates;
  const IpAddress home = address("192.0.2.1:5");
  for (std::uint64_t person = 1; person <= 60; ++person) {
    EXPECT_FALSE(rates.refuse(state::PersonId{person}, home, second(0)));
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(rates.refuse(state::PersonId{99}, home, second(0)));
  for (std::uint32_t i = 0; i < ChangeRates::kOfAPerson; ++i) {
    EXPECT_FALSE(rates.refuse(state::PersonId{99}, address("192.0.2.2:5"), second(0)));
  }
}

TEST(ChangeRatesTest, MembersOfTheServersMachineAreNotOneNetwork) {
  ChangeRates rates;
  for (std::uint64_t person = 1; person <= 200; ++person) {
    EXPECT_FALSE(rates.refuse(state::PersonId{person}, address("127.0.0.1:5"), second(0)));
  }
}

TEST(ChangeRatesTest, ATickForgetsOnlyLimitsThatAreUnused) {
  ChangeRates rates;
  const IpAddress home = address("192.0.2.1:5");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(rates.refuse(state::PersonId{1}, home, second(0)));
  rates.tick(second(1));
  EXPECT_TRUE(rates.refuse(state::PersonId{1}, home, second(1)));
  rates.tick(second(60));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(rates.refuse(state::PersonId{1}, home, second(60)));
}

}  // namespace
}  // namespace chatd::chat
