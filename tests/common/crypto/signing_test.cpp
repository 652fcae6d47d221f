// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/signing.hpp"

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

// RFC 8032, section 7.1, test 2.
constexpr std::string_view kSecret =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr std::string_view kPublic =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

SecretKey secret() { return SecretKey{key_from_hex(kSecret)}; }

TEST(Signing, AKeyAndAMessageOfTheRfcGiveItsSignature) {
  const std::array message{std::byte{0x72}};
  EXPECT_EQ(to_hex(signing_key_of(secret()).value()), kPublic);
  const auto signature = sign(secret(), message);
  ASSERT_TRUE(signature);
  EXPECT_EQ(to_hex(*signature), kSignature);
  EXPECT_TRUE(is_signed(key_from_hex(kPublic), message, *signature));
}

TEST(Signing, AChangedMessageKeyOrSignatureIsNotValid) {
  std::array message{std::byte{0x72}, std::byte{0x73}};
  const auto key = signing_key_of(secret()).value();
  auto signature = sign(secret(), message).value();
  for (auto& byte : message) {
    byte ^= std::byte{1};
    EXPECT_FALSE(is_signed(key, message, signature));
    byte ^= std::byte{1};
  }
  for (auto& byte : signature) {
    byte ^= std::byte{0x20};
    EXPECT_FALSE(is_signed(key, message, signature));
    byte ^= std::byte{0x20};
  }
  EXPECT_TRUE(is_signed(key, message, signature));
  auto other = key;
  other[0] ^= std::byte{1};
  EXPECT_FALSE(is_signed(other, message, signature));
  EXPECT_FALSE(is_signed(PublicKey{}, message, Signature{}));
}

}  // namespace
}  // namespace chatd::crypto
