// SPDX-License-Identifier: GPL-3.0-or-later
// aead.hpp — sealing and opening packets: AES-256-GCM with a counter as nonce.
//
// Runs in:   every process that uses the native protocol; for every packet.
// Owns:      one cipher context of libcrypto. One thread at a time.
// Invariant: only the constructor allocates. Nonce = 4 zero bytes and the counter, big endian,
//            as in Noise. The caller never seals twice with one counter and key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/crypto/keys.hpp"

struct evp_cipher_ctx_st;  // EVP_CIPHER_CTX: no header of ours includes the library's headers

namespace chatd::crypto {

inline constexpr std::size_t kTagBytes = 16;

// An AES-256-GCM cipher with one key at a time.
class Aead {
 public:
  Aead();

  // Sets the key of the following calls. Must be called before the first of them.
  void set_key(const Key& key);

  // Encrypts `plain` and authenticates `aad`. Writes plain.size() + kTagBytes. `out` is
  // plain.data(), or does not overlap `plain`.
  void seal(std::uint64_t counter, std::span<const std::byte> aad, std::span<const std::byte> plain,
            std::byte* out);

  // Decrypts. Writes sealed.size() - kTagBytes; `out` is sealed.data(), or does not overlap
  // `sealed`. False if it was not sealed with this key, counter and aad; `out` is zeros then.
  [[nodiscard]] bool open(std::uint64_t counter, std::span<const std::byte> aad,
                          std::span<const std::byte> sealed, std::byte* out);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace chatd::crypto
