// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/ratchet.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <string_view>

#include "common/crypto/hash.hpp"

namespace chatd::crypto {

namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

}  // namespace

Key next_key(const Key& key) {
  Key next{};
  hkdf_expand(key, bytes_of("chatd rekey"), next);
  return next;
}

SecretKey former_reset_secret(const SecretKey& server) {
  SecretKey secret;
  hkdf({}, server.bytes(), bytes_of("chatd reset"), secret.bytes());
  return secret;
}

ResetToken reset_token(const Key& secret, std::uint64_t connection) {
  static_assert(std::endian::native == std::endian::little, "the token is of little-endian bytes");
  const Hash hash = hmac_sha256(secret, {std::as_bytes(std::span{&connection, 1})});
  ResetToken token{};
  std::copy_n(hash.begin(), token.size(), token.begin());
  return token;
}

}  // namespace chatd::crypto
