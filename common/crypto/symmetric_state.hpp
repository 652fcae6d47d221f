// SPDX-License-Identifier: GPL-3.0-or-later
// symmetric_state.hpp — the SymmetricState of the Noise protocol framework (revision 34,
// section 5.2) with the CipherState in it (5.1), for AESGCM and SHA256.
//
// Runs in:   gateway, client; only for Handshake. Names are those of the specification.
// Owns:      the chaining key, the hash of the transcript and the cipher's key; wiped when it is
//            destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

class SymmetricState {
 public:
  // InitializeSymmetric().
  explicit SymmetricState(std::string_view protocol_name);

  void mix_key(Bytes material);
  void mix_hash(Bytes data);
  void mix_key_and_hash(Bytes material);

  // The bytes that encrypt_and_hash() adds to its input: 0 or kTagBytes.
  [[nodiscard]] std::size_t tag_bytes() const noexcept;
  // `out` has plain.size() + tag_bytes() bytes.
  void encrypt_and_hash(Bytes plain, std::span<std::byte> out);
  // `out` has data.size() - tag_bytes() bytes. False if the data does not authenticate.
  [[nodiscard]] bool decrypt_and_hash(Bytes data, std::span<std::byte> out);

  struct Pair {
    SecretKey first;
    SecretKey second;
  };
  [[nodiscard]] Pair split() const;
  [[nodiscard]] const Hash& handshake_hash() const noexcept { return hash_; }

 private:
  SecretKey chaining_key_;
  Hash hash_{};
  // The members of the CipherState.
  SecretKey key_;
  bool has_key_{false};
  std::uint64_t nonce_{0};
};

}  // namespace chatd::crypto
