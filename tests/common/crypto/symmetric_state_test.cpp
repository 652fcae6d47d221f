// SPDX-License-Identifier: GPL-3.0-or-later
// Cases that the published handshakes in noise_test.cpp do not cover.
#include "common/crypto/symmetric_state.hpp"

#include <array>

#include <gtest/gtest.h>

#include "common/crypto/aead.hpp"
#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

TEST(SymmetricState, StartsWithTheNameOrItsHash) {
  const SymmetricState exact{"Noise_XXpsk3_25519_AESGCM_SHA256"};
  EXPECT_EQ(to_hex(exact.handshake_hash()), to_hex(as_bytes("Noise_XXpsk3_25519_AESGCM_SHA256")));
  const SymmetricState shorter{"Noise_XX_25519_AESGCM_SHA256"};
  EXPECT_EQ(to_hex(shorter.handshake_hash()),
            to_hex(as_bytes("Noise_XX_25519_AESGCM_SHA256")) + "00000000");
  constexpr std::string_view kLong = "Noise_XXfallback+psk0_25519_AESGCM_SHA256";
  EXPECT_EQ(SymmetricState{kLong}.handshake_hash(), sha256({as_bytes(kLong)}));
}

TEST(SymmetricState, DoesNotEncryptBeforeItHasAKey) {
  SymmetricState state{"name"};
  EXPECT_EQ(state.tag_bytes(), 0U);
  std::array<std::byte, 5> out{};
  state.encrypt_and_hash(as_bytes("hello"), out);
  EXPECT_EQ(to_hex(out), to_hex(as_bytes("hello")));
  state.mix_key(as_bytes("shared"));
  EXPECT_EQ(state.tag_bytes(), kTagBytes);
}

TEST(SymmetricState, BothSidesStayInStep) {
  SymmetricState one{"name"};
  SymmetricState other{"name"};
  for (auto* state : {&one, &other}) {
    state->mix_hash(as_bytes("prologue"));
    state->mix_key_and_hash(as_bytes("password"));
  }
  for (int turn = 0; turn < 3; ++turn) {
    std::array<std::byte, 5 + kTagBytes> sealed{};
    std::array<std::byte, 5> opened{};
    one.encrypt_and_hash(as_bytes("hello"), sealed);
    ASSERT_TRUE(other.decrypt_and_hash(sealed, opened));
    EXPECT_EQ(to_hex(opened), to_hex(as_bytes("hello")));
    EXPECT_EQ(one.handshake_hash(), other.handshake_hash());
  }
  EXPECT_EQ(one.split().first.bytes(), other.split().first.bytes());
  EXPECT_EQ(one.split().second.bytes(), other.split().second.bytes());
  EXPECT_NE(one.split().first.bytes(), one.split().second.bytes());
}

TEST(SymmetricState, DataThatDoesNotAuthenticateChangesNothing) {
  SymmetricState one{"name"};
  SymmetricState other{"name"};
  one.mix_key(as_bytes("shared"));
  other.mix_key(as_bytes("shared"));
  std::array<std::byte, 5 + kTagBytes> sealed{};
  std::array<std::byte, 5> opened{};
  one.encrypt_and_hash(as_bytes("hello"), sealed);
  auto changed = sealed;
  changed[0] ^= std::byte{1};
  const Hash before = other.handshake_hash();
  EXPECT_FALSE(other.decrypt_and_hash(changed, opened));
  EXPECT_EQ(other.handshake_hash(), before);
  EXPECT_TRUE(other.decrypt_and_hash(sealed, opened));
}

}  // namespace
}  // namespace chatd::crypto
