// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/password.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

constexpr ScryptCost kQuick{.n = 16, .r = 1, .p = 1};

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

std::string scrypt_hex(std::string_view password, std::string_view salt, const ScryptCost& cost) {
  std::array<std::byte, 64> out{};
  const auto done = scrypt(password, bytes_of(salt), cost, out);
  return done ? to_hex(out) : done.error().message();
}

PublicKey server_key() {
  return key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

TEST(Password, ScryptMatchesTheRfcsTestVectors) {
  EXPECT_EQ(scrypt_hex("", "", kQuick),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  EXPECT_EQ(scrypt_hex("password", "NaCl", {.n = 1024, .r = 8, .p = 16}),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  EXPECT_EQ(scrypt_hex("pleaseletmein", "SodiumChloride", {.n = 16384, .r = 8, .p = 1}),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

// Calculated with another program (Python's hashlib.scrypt), since every implementation must get
// the same key. This is the only test at full cost.
TEST(Password, TheKeyIsScryptOfThePasswordWithTheServersKeyAsSalt) {
  EXPECT_EQ(to_hex(password_key("open sesame", server_key()).value().bytes()),
            "5b37afaecdfe9a2c755d9a5885a4d106ffd5158b12c2e3b7be98d1fbd75f5479");
}

TEST(Password, AnotherPasswordOrServerGivesAnotherKey) {
  const auto key = [](std::string_view password, const PublicKey& server) {
    return password_key(password, server, kQuick).value().bytes();
  };
  EXPECT_EQ(key("a", server_key()), key("a", server_key()));
  EXPECT_NE(key("a", server_key()), key("b", server_key()));
  EXPECT_NE(key("a", server_key()), key("a", PublicKey{}));
  EXPECT_NE(key("", server_key()), key("a", server_key()));
}

TEST(Password, ACostThatNeedsMoreThan64MiBIsAnError) {
  const auto key = password_key("a", {}, {.n = std::uint64_t{1} << 17U, .r = 8, .p = 1});
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message(), "calculate the key of a password: not enough memory (32 MiB)");
}

}  // namespace
}  // namespace chatd::crypto
