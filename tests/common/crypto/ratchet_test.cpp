// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/ratchet.hpp"

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

// The expected values were calculated with another library (Python's cryptography), since every
// implementation must get the same keys.
namespace chatd::crypto {
namespace {

Key counting_key() {
  return key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

TEST(Ratchet, TheNextKeyIsHkdfOfTheKey) {
  EXPECT_EQ(to_hex(next_key(counting_key())),
            "0b83cda824815816605fb8fc98979aa535bf1ec0176cc19df4b8b06cf1246dab");
  EXPECT_NE(next_key(next_key(counting_key())), next_key(counting_key()));
}

TEST(Ratchet, AResetTokenIsOfOneSecretAndOneConnection) {
  const Key secret = counting_key();
  EXPECT_NE(reset_token(secret, 1), reset_token(secret, 2));
  EXPECT_NE(reset_token(Key{}, 1), reset_token(secret, 1));
}

TEST(Ratchet, TheFormerResetSecretIsOfTheServersKey) {
  const SecretKey secret = former_reset_secret(SecretKey{counting_key()});
  EXPECT_EQ(to_hex(reset_token(secret.bytes(), 0x0102030405060708)),
            "745280d3b0d3e0f2761aa61b64bd21ed");
}

}  // namespace
}  // namespace chatd::crypto
