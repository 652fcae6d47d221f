// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>

#include <gtest/gtest.h>

#include "common/base/fingerprint.hpp"
#include "common/crypto/hash.hpp"
#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

// RFC 7748, section 6.1.
TEST(Keys, ThePublicHalfMatchesTheStandard) {
  const SecretKey alice{
      key_from_hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")};
  const SecretKey bob{
      key_from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")};
  EXPECT_EQ(to_hex(key_pair_of(alice)->public_key),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  EXPECT_EQ(to_hex(key_pair_of(bob)->public_key),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

TEST(Keys, APairKeepsItsSecretAndPairsDiffer) {
  const auto one = generate_key_pair();
  const auto other = generate_key_pair();
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->secret.bytes(), other->secret.bytes());
  EXPECT_NE(one->public_key, other->public_key);
  const auto again = key_pair_of(one->secret);
  EXPECT_EQ(again->public_key, one->public_key);
  EXPECT_EQ(again->secret.bytes(), one->secret.bytes());
}

// The text that `ssh-keygen -l` prints for these 32 bytes.
TEST(Keys, AFingerprintIsUnpaddedBase64OfTheHash) {
  EXPECT_EQ(
      fingerprint(key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")),
      "SHA256:Yw3NKWbEM2aRElRIu7JbT/QSpJxzLbLIq8G4WBvXEN0");
}

TEST(Keys, AFingerprintGivesTheHashOfTheKey) {
  const auto key = key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(hash_of_fingerprint(fingerprint(key)), sha256({key}));
  for (const char* const text :
       {"", "SHA256:", "SHA256:abc", "Yw3NKWbEM2aRElRIu7JbT/QSpJxzLbLIq8G4WBvXEN0",
        "SHA256:Yw3NKWbEM2aRElRIu7JbT/QSpJxzLbLIq8G4WBvXEN0="}) {
    EXPECT_EQ(hash_of_fingerprint(text), std::nullopt) << text;
  }
}

TEST(Keys, EachTextOfTheFormOfAFingerprintGivesAHash) {
  const std::string right = fingerprint({});
  for (std::size_t at = 0; at < right.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = right;
      text[at] = static_cast<char>(byte);
      EXPECT_EQ(hash_of_fingerprint(text).has_value(), is_fingerprint(text)) << text;
    }
  }
}

TEST(Keys, ASecretIsWipedOnDestruction) {
  alignas(SecretKey) std::array<std::byte, sizeof(SecretKey)> memory{};
  Key key{};
  key.fill(std::byte{0x5a});
  auto* const secret = ::new (memory.data()) SecretKey{key};
  ASSERT_EQ(std::ranges::count(memory, std::byte{0x5a}), 32);
  std::destroy_at(secret);
  EXPECT_EQ(std::ranges::count(memory, std::byte{0x5a}), 0);
}

}  // namespace
}  // namespace chatd::crypto
