// SPDX-License-Identifier: GPL-3.0-or-later
// siphash.hpp — SipHash-2-4: a fast hash of two numbers with a key.
//
// Runs in:   every process that uses the native protocol.
// Owns:      one MAC context of libcrypto. One thread at a time.
// Invariant: only the constructor allocates. Without the key nobody can calculate or guess a hash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

struct evp_mac_ctx_st;  // EVP_MAC_CTX: no header of ours includes the library's headers

namespace chatd::crypto {

using SipKey = std::array<std::byte, 16>;

class SipHash {
 public:
  SipHash();

  // The hash of the 16 bytes of both numbers, little-endian.
  [[nodiscard]] std::uint64_t of(const SipKey& key, std::uint64_t first, std::uint64_t second);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace chatd::crypto
