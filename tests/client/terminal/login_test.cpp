// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/words/outcome.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using Next = Login::Next;

class LoginTest : public ::testing::Test {
 protected:
  // Of the end of a session, which a question must follow.
  Login::Step ask_about(const Ended& ended) {
    const auto step = login_.question_about(ended);
    EXPECT_TRUE(step);
    EXPECT_TRUE(login_.is_asking());
    return step.value_or(Login::Step{});
  }
  Login login_{{.name = "ada", .host = "host:8888"}};
};

TEST_F(LoginTest, EntersWithoutAQuestionUnderAPossibleName) {
  EXPECT_EQ(login_.start().next, Next::enter);
  EXPECT_FALSE(login_.is_asking());
  EXPECT_EQ(login_.question(), "");
  EXPECT_EQ(login_.order().name, "ada");
  EXPECT_FALSE(login_.order().password);
  EXPECT_FALSE(login_.order().fingerprint);
}

TEST_F(LoginTest, AsksForANameUntilItIsPossible) {
  EXPECT_THAT(ask_about(ended(Outcome::name_taken)).warning, HasSubstr("the name ada is taken"));
  EXPECT_EQ(login_.question(), "another name: ");
  EXPECT_THAT(login_.answer("not a name").warning, HasSubstr("a name has no spaces"));
  EXPECT_EQ(login_.answer("").warning, "");
  EXPECT_TRUE(login_.is_asking());
  EXPECT_EQ(login_.answer("quit").next, Next::quit);
  EXPECT_EQ(login_.answer("ada2").next, Next::enter);
  EXPECT_EQ(login_.order().name, "ada2");
}

TEST_F(LoginTest, AsksForAPasswordWithoutAWarningTheFirstTime) {
  EXPECT_EQ(ask_about(ended(Outcome::password_wanted)).warning, "");
  EXPECT_TRUE(login_.asks_secret());
  EXPECT_EQ(login_.answer("quit").next, Next::enter) << "it can be a password";
  EXPECT_FALSE(login_.asks_secret());
  EXPECT_EQ(login_.order().password, "quit");
  EXPECT_THAT(ask_about(ended(Outcome::wrong_password)).warning, HasSubstr("is not right"));
}

TEST_F(LoginTest, ForgetsATypedPasswordAfterTheLogin) {
  (void)ask_about(ended(Outcome::password_wanted));
  (void)login_.answer("open sesame");
  login_.on_joined("Ada");
  EXPECT_EQ(login_.name(), "Ada");
  EXPECT_FALSE(login_.order().password);
}

TEST_F(LoginTest, KeepsAPasswordOfAFile) {
  Login login{{.name = "ada", .host = "host:8888", .password = "open sesame"}};
  login.on_joined("ada");
  EXPECT_EQ(login.order().password, "open sesame");
  EXPECT_FALSE(login.question_about(ended(Outcome::wrong_password))) << "it would be wrong again";
}

TEST_F(LoginTest, AsksAboutAKey) {
  EXPECT_THAT(ask_about(ended(Outcome::unconfirmed_key, "SHA256:a\x1b")).warning,
              HasSubstr("SHA256:a\\x1b"));
  EXPECT_EQ(login_.question(), "is that its key (yes/no)? ");
  EXPECT_THAT(login_.answer("perhaps").warning, HasSubstr("type yes or no"));
  EXPECT_EQ(login_.answer("no").next, Next::end);
  EXPECT_EQ(login_.shown_key(), "SHA256:a\x1b");
  EXPECT_EQ(login_.answer("yes").next, Next::enter);
  EXPECT_EQ(login_.order().fingerprint, "SHA256:a\x1b");
}

TEST_F(LoginTest, HasNoQuestionAboutAnotherEnd) {
  EXPECT_FALSE(login_.question_about(ended(Outcome::kicked)));
  EXPECT_FALSE(login_.is_asking());
}

constexpr std::string_view kCode = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV";

TEST_F(LoginTest, AsksForACodeAndShowsItAsItIsTyped) {
  EXPECT_THAT(ask_about(ended(Outcome::not_invited, "with a code")).warning,
              HasSubstr("host:8888 admits invited persons only: with a code"));
  EXPECT_EQ(login_.question(), "invitation code: ");
  EXPECT_FALSE(login_.asks_secret());
  EXPECT_THAT(login_.answer("hello").warning, HasSubstr("it has 28 letters and digits"));
  EXPECT_EQ(login_.answer(kCode).next, Next::enter);
  EXPECT_EQ(login_.order().code, kCode);
  (void)ask_about(ended(Outcome::name_taken));
  (void)login_.answer("ada2");
  EXPECT_EQ(login_.order().code, kCode) << "it was not used under the name that was taken";
  EXPECT_THAT(ask_about(ended(Outcome::wrong_code)).warning, HasSubstr("was mistyped"));
  EXPECT_FALSE(login_.order().code);
  (void)login_.answer(kCode);
  login_.on_joined("ada2");
  EXPECT_FALSE(login_.order().code) << "it is for one login";
  (void)ask_about(ended(Outcome::not_invited));
  EXPECT_EQ(login_.answer("quit").next, Next::quit);
}

TEST_F(LoginTest, ACodeIsAnAnswerToTheQuestionAboutTheKey) {
  (void)ask_about(ended(Outcome::unconfirmed_key, "SHA256:x"));
  EXPECT_EQ(login_.answer(kCode).next, Next::enter);
  const Enter order = login_.order();
  EXPECT_EQ(order.code, kCode);
  EXPECT_FALSE(order.fingerprint) << "the code confirms the key, not the user";
}

}  // namespace
}  // namespace chatd::client
