// SPDX-License-Identifier: GPL-3.0-or-later
// keys.hpp — keys as plain bytes, and X25519 key pairs.
//
// Runs in:   every process that uses the native protocol.
// Invariant: a SecretKey is wiped when it is destroyed.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::crypto {

using Key = std::array<std::byte, 32>;
using PublicKey = Key;

// A key that is overwritten when it is destroyed.
class SecretKey {
 public:
  SecretKey() = default;
  explicit SecretKey(const Key& key) : key_{key} {}
  SecretKey(const SecretKey&) = default;
  SecretKey(SecretKey&&) = default;  // copies: the source is wiped when it is destroyed
  SecretKey& operator=(const SecretKey&) = default;
  SecretKey& operator=(SecretKey&&) = default;
  ~SecretKey();
  [[nodiscard]] const Key& bytes() const noexcept { return key_; }
  [[nodiscard]] Key& bytes() noexcept { return key_; }

 private:
  Key key_{};
};

// An X25519 key pair.
struct KeyPair {
  SecretKey secret;
  PublicKey public_key{};
};

[[nodiscard]] Result<KeyPair> generate_key_pair();
// The pair of a secret key: the public half is calculated (RFC 7748).
[[nodiscard]] Result<KeyPair> key_pair_of(const SecretKey& secret);

// Of the SHA-256 of the key. See common/base/fingerprint.hpp.
[[nodiscard]] std::string fingerprint(const PublicKey& key);
// The fingerprint of the key with this SHA-256.
[[nodiscard]] std::string fingerprint_of_hash(const Key& hash);
// The SHA-256 of the key that has the fingerprint; nullopt: the text has not that form.
[[nodiscard]] std::optional<Key> hash_of_fingerprint(std::string_view text);

}  // namespace chatd::crypto
