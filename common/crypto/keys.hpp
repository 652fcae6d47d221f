// SPDX-License-Identifier: GPL-3.0-or-later
// keys.hpp — keys as plain bytes, and X25519 key pairs.
//
// Runs in:   every process that speaks the native protocol.
// Invariant: a SecretKey is wiped when its owner goes.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::crypto {

using Key = std::array<std::byte, 32>;
using PublicKey = Key;

// A key that is overwritten when it goes.
class SecretKey {
 public:
  SecretKey() = default;
  explicit SecretKey(const Key& key) : key_{key} {}
  SecretKey(const SecretKey&) = default;
  SecretKey(SecretKey&&) = default;  // copies: the other one is wiped when it goes
  SecretKey& operator=(const SecretKey&) = default;
  SecretKey& operator=(SecretKey&&) = default;
  ~SecretKey();
  [[nodiscard]] const Key& bytes() const noexcept { return key_; }
  [[nodiscard]] Key& bytes() noexcept { return key_; }

 private:
  Key key_{};
};

struct KeyPair {
  SecretKey secret;
  PublicKey public_key{};
};

[[nodiscard]] Result<KeyPair> generate_key_pair();
// The public half belongs to the secret one (RFC 7748).
[[nodiscard]] Result<KeyPair> key_pair_of(const SecretKey& secret);

// "SHA256:" and the unpadded base64 of the SHA-256 of the key, as ssh shows them.
[[nodiscard]] std::string fingerprint(const PublicKey& key);
// Whether the text has that form: "SHA256:" and 43 characters of base64 that stand for 32 bytes.
[[nodiscard]] bool is_fingerprint(std::string_view text);

}  // namespace chatd::crypto
