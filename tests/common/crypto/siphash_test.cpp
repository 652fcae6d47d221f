// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/siphash.hpp"

#include <gtest/gtest.h>

namespace chatd::crypto {
namespace {

SipKey key_of_the_list() {
  SipKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  return key;
}

// From the authors' list of SipHash-2-4 with 64 bits (vectors.h): the key and the 16 bytes of the
// input count from 0.
TEST(SipHash, MatchesThePublishedValue) {
  SipHash hash;
  EXPECT_EQ(hash.of(key_of_the_list(), 0x0706'0504'0302'0100, 0x0F0E'0D0C'0B0A'0908),
            0x3F2A'CC7F'57C2'9BDBU);
}

TEST(SipHash, KeepsNothingOfTheHashBefore) {
  SipHash used;
  SipHash fresh;
  (void)used.of(key_of_the_list(), 1, 2);
  EXPECT_EQ(used.of(SipKey{}, 3, 4), fresh.of(SipKey{}, 3, 4));
  EXPECT_NE(used.of(SipKey{}, 3, 4), used.of(key_of_the_list(), 3, 4));
  EXPECT_NE(used.of(SipKey{}, 3, 4), used.of(SipKey{}, 4, 3));
}

}  // namespace
}  // namespace chatd::crypto
