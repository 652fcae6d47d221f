// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/question_rates.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;

class QuestionRatesTest : public ::testing::Test {
 protected:
  // The number of questions that are admitted now.
  int ask(std::uint64_t person) {
    int admitted = 0;
    while (admitted < 1000 && !rates_.refuse(state::PersonId{person}, now_)) ++admitted;
    return admitted;
  }
  int ask_from(std::string_view address) {
    int admitted = 0;
    while (admitted < 1000 && !rates_.refuse_network(test::endpoint(address).address, now_)) {
      ++admitted;
    }
    return admitted;
  }

  QuestionRates rates_{2};
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(QuestionRatesTest, APersonAsksFiveAtOnceAndTwoASecond) {
  EXPECT_EQ(ask(1), 5);
  EXPECT_EQ(rates_.refuse(state::PersonId{1}, now_), milliseconds{500});
  EXPECT_EQ(ask(2), 5) << "another person has its own rate";
  now_ += std::chrono::seconds{1};
  EXPECT_EQ(ask(1), 2);
}

TEST_F(QuestionRatesTest, ANetworkAsksEightTimesAsMany) {
  EXPECT_EQ(ask_from("192.0.2.1:5"), 40);
  EXPECT_EQ(ask_from("192.0.2.2:5"), 40);
  EXPECT_EQ(ask_from("[2001:db8::1]:5"), 40);
  EXPECT_EQ(ask_from("[2001:db8::2]:5"), 0) << "the same network";
  now_ += std::chrono::seconds{1};
  EXPECT_EQ(ask_from("192.0.2.1:5"), 16);
}

TEST_F(QuestionRatesTest, TheServersOwnMachineIsNoNetwork) {
  EXPECT_EQ(ask_from("127.0.0.1:5"), 1000);
}

TEST_F(QuestionRatesTest, ARateThatIsForgottenWasWhole) {
  EXPECT_EQ(ask(1), 5);
  rates_.tick(now_);
  EXPECT_EQ(ask(1), 0);
  now_ += milliseconds{2500};
  rates_.tick(now_);
  EXPECT_EQ(ask(1), 5);
}

TEST_F(QuestionRatesTest, WithoutALimitNothingIsRefused) {
  QuestionRates none{0};
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(none.refuse(state::PersonId{1}, now_));
    EXPECT_FALSE(none.refuse_network(test::endpoint("192.0.2.1:5").address, now_));
  }
}

}  // namespace
}  // namespace chatd::gateway
