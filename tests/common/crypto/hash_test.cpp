// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/hash.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

// FIPS 180-4's examples.
TEST(Hash, Sha256MatchesTheStandardsExamples) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256({as_bytes("abc")})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, PartsAreHashedAsOneText) {
  EXPECT_EQ(sha256({as_bytes("a"), {}, as_bytes("bc")}), sha256({as_bytes("abc")}));
  const auto key = as_bytes("key");
  EXPECT_EQ(hmac_sha256(key, {as_bytes("a"), {}, as_bytes("bc")}),
            hmac_sha256(key, {as_bytes("abc")}));
}

// RFC 4231: a short key, a key that is text, and a key that is longer than a block.
TEST(Hash, HmacMatchesTheStandardsExamples) {
  EXPECT_EQ(
      to_hex(hmac_sha256(std::vector<std::byte>(20, std::byte{0x0b}), {as_bytes("Hi There")})),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      to_hex(hmac_sha256(std::vector<std::byte>(131, std::byte{0xaa}),
                         {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

struct HkdfVector {
  std::string_view material;
  std::string_view salt;
  std::string_view info;
  std::string_view out;
};

// RFC 5869, appendix A.1 to A.3.
constexpr std::array<HkdfVector, 3> kHkdf{{
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829"
     "2a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283848586878889"
     "8a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9"
     "dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
     "41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
}};

TEST(Hash, HkdfMatchesTheStandardsExamples) {
  for (const HkdfVector& vector : kHkdf) {
    const auto salt = from_hex(vector.salt);
    const auto material = from_hex(vector.material);
    const auto info = from_hex(vector.info);
    std::vector<std::byte> out(vector.out.size() / 2);
    hkdf(salt, material, info, out);
    EXPECT_EQ(to_hex(out), vector.out);
    std::ranges::fill(out, std::byte{});
    hkdf_expand(hkdf_extract(salt, material), info, out);
    EXPECT_EQ(to_hex(out), vector.out);
  }
}

TEST(Hash, HkdfFillsTheLongestOutput) {
  std::vector<std::byte> most(255 * sizeof(Hash));
  hkdf_expand(Hash{}, {}, most);
  std::array<std::byte, 32> start{};
  hkdf_expand(Hash{}, {}, start);
  EXPECT_TRUE(std::ranges::equal(std::span{most}.first(32), start));
  const std::byte last{255};
  const auto before = std::span{most}.subspan(253 * sizeof(Hash), sizeof(Hash));
  EXPECT_TRUE(std::ranges::equal(std::span{most}.last(sizeof(Hash)),
                                 hmac_sha256(Hash{}, {before, Bytes{&last, 1}})));
}

}  // namespace
}  // namespace chatd::crypto
