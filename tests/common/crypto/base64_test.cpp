// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/base64.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

constexpr std::string_view kHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view kText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

// RFC 4648, section 10.
TEST(Base64, MatchesTheStandardsExamples) {
  EXPECT_EQ(to_base64({}), "");
  EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
}

TEST(Base64, AKeyIsReadBack) {
  EXPECT_EQ(to_base64(key_from_hex(kHex)), kText);
  const auto key = key_from_base64(kText);
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(key->bytes()), kHex);
}

TEST(Base64, RefusesEveryOtherText) {
  const std::string text{kText};
  EXPECT_FALSE(key_from_base64(""));
  EXPECT_FALSE(key_from_base64(text.substr(0, 43)));
  EXPECT_FALSE(key_from_base64(text + "\n"));
  EXPECT_FALSE(key_from_base64(" " + text.substr(0, 43)));
  EXPECT_FALSE(key_from_base64(text.substr(0, 42) + "9="));  // bits behind the last byte
  EXPECT_FALSE(key_from_base64(text.substr(0, 42) + "=="));  // 31 bytes
  EXPECT_FALSE(key_from_base64(text.substr(0, 43) + "A"));   // 33 bytes
  EXPECT_FALSE(key_from_base64(text.substr(0, 20) + "=" + text.substr(21)));
  EXPECT_FALSE(key_from_base64(text.substr(0, 20) + "-" + text.substr(21)));
  EXPECT_FALSE(key_from_base64(std::string(44, '=')));
  EXPECT_FALSE(key_from_base64(std::string(44, '\0')));
}

}  // namespace
}  // namespace chatd::crypto
