// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/password_keys.hpp"

#include <gtest/gtest.h>

#include "tests/support/key.hpp"

namespace chatd::client {
namespace {

class PasswordKeysTest : public ::testing::Test {
 protected:
  int calculated_{0};
  bool fails_{false};
  PasswordKeys keys_{[this](std::string_view password, const crypto::PublicKey&) {
    ++calculated_;
    return fails_ ? Result<crypto::SecretKey>{fail("no memory")}
                  : test::quick_password_key(password);
  }};
};

TEST_F(PasswordKeysTest, CalculatesEachKeyOnce) {
  EXPECT_EQ(keys_.of("open sesame", test::key(1))->bytes(),
            test::quick_password_key("open sesame").bytes());
  EXPECT_TRUE(keys_.of("open sesame", test::key(1)));
  EXPECT_EQ(calculated_, 1);
}

TEST_F(PasswordKeysTest, CalculatesAnotherKeyForAnotherServerOrPassword) {
  EXPECT_TRUE(keys_.of("open sesame", test::key(1)));
  EXPECT_TRUE(keys_.of("open sesame", test::key(2)));
  EXPECT_EQ(calculated_, 2);
  EXPECT_EQ(keys_.of("open barley", test::key(2))->bytes(),
            test::quick_password_key("open barley").bytes());
  EXPECT_EQ(calculated_, 3);
}

TEST_F(PasswordKeysTest, DoesNotKeepAnError) {
  fails_ = true;
  EXPECT_FALSE(keys_.of("open sesame", test::key(1)));
  fails_ = false;
  EXPECT_TRUE(keys_.of("open sesame", test::key(1)));
}

}  // namespace
}  // namespace chatd::client
