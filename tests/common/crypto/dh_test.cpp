// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/dh.hpp"

#include <array>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

KeyPair pair_of(std::string_view secret) {
  return key_pair_of(SecretKey{key_from_hex(secret)}).value();
}

// RFC 7748, section 5.2.
TEST(Dh, MatchesTheStandardsTestVectors) {
  EXPECT_EQ(
      to_hex(shared_secret(
                 pair_of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                 key_from_hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
                 ->bytes()),
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  // The highest bit is set; it must be ignored.
  EXPECT_EQ(
      to_hex(shared_secret(
                 pair_of("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
                 key_from_hex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
                 ->bytes()),
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

// RFC 7748, section 6.1.
TEST(Dh, BothSidesGetTheSameSecret) {
  const KeyPair alice = pair_of("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const KeyPair bob = pair_of("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  constexpr std::string_view kShared =
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  EXPECT_EQ(to_hex(shared_secret(alice, bob.public_key)->bytes()), kShared);
  EXPECT_EQ(to_hex(shared_secret(bob, alice.public_key)->bytes()), kShared);
}

TEST(Dh, APointOfLowOrderIsRefused) {
  const KeyPair own = generate_key_pair().value();
  for (const std::string_view point :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    EXPECT_FALSE(shared_secret(own, key_from_hex(point))) << point;
  }
}

}  // namespace
}  // namespace chatd::crypto
