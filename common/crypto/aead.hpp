// SPDX-License-Identifier: GPL-3.0-or-later
// aead.hpp — sealing and opening packets: AES-256-GCM with a counter as nonce.
//
// Runs in:   every process that speaks the native protocol; for every packet.
// Owns:      one cipher context of libcrypto. One thread at a time.
// Invariant: nothing allocates but the constructor. Nonce = 4 zero bytes and the counter, big
//            endian, as Noise has it. The caller never seals twice with one counter and key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/crypto/keys.hpp"

struct evp_cipher_ctx_st;  // EVP_CIPHER_CTX; the library's headers stay behind this door

namespace chatd::crypto {

inline constexpr std::size_t kTagBytes = 16;

class Aead {
 public:
  Aead();

  // For what is sealed and opened from now on; before the first of them.
  void set_key(const Key& key);

  // Writes plain.size() + kTagBytes. `out` is plain.data(), or does not overlap `plain`.
  void seal(std::uint64_t counter, std::span<const std::byte> aad, std::span<const std::byte> plain,
            std::byte* out);

  // Writes sealed.size() - kTagBytes; `out` is sealed.data(), or does not overlap `sealed`.
  // False if it was not sealed with this key, counter and aad; `out` is zeros then.
  [[nodiscard]] bool open(std::uint64_t counter, std::span<const std::byte> aad,
                          std::span<const std::byte> sealed, std::byte* out);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace chatd::crypto
