// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/password_keys.hpp"

#include <gtest/gtest.h>

#include "tests/support/browser_world.hpp"

namespace chatd::web {
namespace {

using test::BrowserWorld;

class PasswordKeysTest : public ::testing::Test {
 protected:
  PasswordKeys keys(bool has_password = true) {
    return {has_password, 42, [this](std::string_view /*password*/) {
              ++calculated_;
              return std::optional{sys::WebSecret{}};
            }};
  }
  int calculated_{0};
  Entry ada_{BrowserWorld::page("ada", 1).entry};
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(PasswordKeysTest, TheKeyOfAPasswordThatDecidesIsCalculated) {
  PasswordKeys keys = this->keys();
  const auto key = keys.key_of(ada_, "secret", now_);
  ASSERT_TRUE(key);
  EXPECT_TRUE(*key);
  EXPECT_EQ(calculated_, 1);
}

TEST_F(PasswordKeysTest, NoKeyIsCalculatedInARoomWithoutAPassword) {
  PasswordKeys keys = this->keys(false);
  for (int i = 0; i < 100; ++i) {
    const auto key = keys.key_of(ada_, "secret", now_);
    ASSERT_TRUE(key) << "it has no rate, either";
    EXPECT_FALSE(*key);
  }
  EXPECT_EQ(calculated_, 0);
}

TEST_F(PasswordKeysTest, NoKeyIsCalculatedForAConnectionThatOthersCanRead) {
  PasswordKeys keys = this->keys();
  ada_.is_plain = true;
  const auto key = keys.key_of(ada_, "secret", now_);
  ASSERT_TRUE(key);
  EXPECT_FALSE(*key);
  EXPECT_EQ(calculated_, 0);
}

TEST_F(PasswordKeysTest, NoKeyIsCalculatedUnderANameThatNobodyMayHave) {
  PasswordKeys keys = this->keys();
  ada_.name = "a b";
  const auto key = keys.key_of(ada_, "secret", now_);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().reason, wire::Reason::name_has_space);
  EXPECT_EQ(calculated_, 0);
}

TEST_F(PasswordKeysTest, ANetworkThatTriesPasswordsDoesNotKeepOthersOut) {
  PasswordKeys keys = this->keys();
  while (keys.key_of(ada_, "secret", now_)) {
  }
  EXPECT_EQ(calculated_, static_cast<int>(PasswordKeys::kAtOnce));
  const auto refused = keys.key_of(ada_, "secret", now_);
  EXPECT_EQ(refused.error().kind, Refusal::Kind::too_soon);
  EXPECT_GT(refused.error().wait, Micros{0});
  Entry bob = BrowserWorld::page("bob", 2).entry;
  bob.address = parse_address("192.0.2.1").value();
  EXPECT_TRUE(keys.key_of(bob, "secret", now_));
}

}  // namespace
}  // namespace chatd::web
