// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/aead.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

using ByteList = std::vector<std::byte>;
using Bytes = std::span<const std::byte>;

ByteList sealed(Aead& aead, std::uint64_t counter, Bytes aad, Bytes plain) {
  ByteList out(plain.size() + kTagBytes);
  aead.seal(counter, aad, plain, out.data());
  return out;
}

std::optional<ByteList> opened(Aead& aead, std::uint64_t counter, Bytes aad, Bytes bytes) {
  ByteList out(bytes.size());
  if (!aead.open(counter, aad, bytes, out.data())) return std::nullopt;
  out.resize(bytes.size() - kTagBytes);
  return out;
}

Key counting_key() {
  return key_from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

// Test cases 13 and 14 of "The Galois/Counter Mode of Operation", which NIST adopted: those with
// 256-bit keys whose nonce is a counter.
TEST(Aead, MatchesTheStandardsTestCases) {
  Aead aead;
  aead.set_key(Key{});
  EXPECT_EQ(to_hex(sealed(aead, 0, {}, {})), "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(to_hex(sealed(aead, 0, {}, ByteList(16))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

// Calculated with another library (Python's cryptography): nonce 000000000102030405060708.
TEST(Aead, NonceIsTheCounterBigEndian) {
  Aead aead;
  aead.set_key(counting_key());
  const auto aad = from_hex("000102030405060708090a0b0c0d0e0f1011121314151617");
  EXPECT_EQ(to_hex(sealed(aead, 0x0102030405060708, aad, as_bytes("hello"))),
            "6c340962b25820f633acbddd2b54dba122a3692855");
}

TEST(Aead, OpensSealedDataOfEveryLength) {
  Aead aead;
  aead.set_key(counting_key());
  ByteList plain(1500, std::byte{0x42});
  for (std::size_t size = 0; size <= plain.size(); size += size < 70 ? 1 : 143) {
    const Bytes part = std::span{plain}.first(size);
    const auto packet = sealed(aead, size, part.first(std::min<std::size_t>(size, 24)), part);
    const auto back = opened(aead, size, part.first(std::min<std::size_t>(size, 24)), packet);
    ASSERT_TRUE(back) << size;
    EXPECT_TRUE(std::ranges::equal(*back, part)) << size;
  }
}

TEST(Aead, InPlaceGivesTheSameBytes) {
  Aead aead;
  aead.set_key(counting_key());
  const auto aad = from_hex("0102");
  const std::string text = "the frames lie where the packet will be";
  const auto apart = sealed(aead, 7, aad, as_bytes(text));
  ByteList packet(apart.size());
  std::ranges::copy(as_bytes(text), packet.begin());
  aead.seal(7, aad, std::span{packet}.first(text.size()), packet.data());
  EXPECT_EQ(packet, apart);
  ASSERT_TRUE(aead.open(7, aad, packet, packet.data()));
  EXPECT_TRUE(std::ranges::equal(std::span{packet}.first(text.size()), as_bytes(text)));
}

TEST(Aead, AChangedBitIsRefusedAndTheOutputIsZeros) {
  Aead aead;
  aead.set_key(counting_key());
  const auto aad = from_hex("c00102030405060708");
  const auto packet = sealed(aead, 9, aad, as_bytes("frames of a packet"));
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    auto changed = packet;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    ByteList out(packet.size() - kTagBytes, std::byte{1});
    EXPECT_FALSE(aead.open(9, aad, changed, out.data())) << bit;
    EXPECT_EQ(out, ByteList(out.size())) << bit;
  }
  for (std::size_t at = 0; at < aad.size(); ++at) {
    auto changed = aad;
    changed[at] ^= std::byte{0x80};
    EXPECT_FALSE(opened(aead, 9, changed, packet)) << at;
  }
  EXPECT_TRUE(opened(aead, 9, aad, packet));
}

TEST(Aead, AnotherCounterKeyOrLengthIsRefused) {
  Aead aead;
  aead.set_key(counting_key());
  const auto packet = sealed(aead, 9, {}, as_bytes("frames"));
  EXPECT_FALSE(opened(aead, 10, {}, packet));
  EXPECT_FALSE(opened(aead, std::numeric_limits<std::uint64_t>::max(), {}, packet));
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(opened(aead, 9, {}, std::span{packet}.first(size))) << size;
  }
  aead.set_key(Key{});
  EXPECT_FALSE(opened(aead, 9, {}, packet));
  aead.set_key(counting_key());
  EXPECT_TRUE(opened(aead, 9, {}, packet));
}

TEST(Aead, OneContextServesManyKeysInBothDirections) {
  Aead one;
  Aead other;
  for (std::uint64_t turn = 0; turn < 100; ++turn) {
    Key key{};
    key.fill(std::byte(turn));
    one.set_key(key);
    const auto packet = sealed(one, turn, {}, as_bytes("there"));
    other.set_key(key);
    ASSERT_TRUE(opened(other, turn, {}, packet));
    const auto answer = sealed(other, turn + 1, {}, as_bytes("and back"));
    ASSERT_TRUE(opened(one, turn + 1, {}, answer));
  }
}

}  // namespace
}  // namespace chatd::crypto
