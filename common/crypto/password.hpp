// SPDX-License-Identifier: GPL-3.0-or-later
// password.hpp — the pre-shared key of a room's password, by scrypt (RFC 7914).
//
// Runs in:   supervisor (once for each time it reads the configuration), client (session process,
//            once for each server key).
// Cost:      kPasswordCost takes 32 MiB of memory and about a tenth of a second, so never call it
//            in an event loop that serves others.
// Errors:    not enough memory.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/result.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// The parameters of RFC 7914, section 2. The memory is 128 * n * r bytes, at most 64 MiB.
struct ScryptCost {
  std::uint64_t n;  // a power of two above 1
  std::uint64_t r;  // block size
  std::uint64_t p;  // parallelization
};

// N = 2^15 and r = 8 are the values of RFC 7914's author for interactive use: 32 MiB, 0.1 s.
inline constexpr ScryptCost kPasswordCost{.n = std::uint64_t{1} << 15U, .r = 8, .p = 1};

// Fills `out`.
[[nodiscard]] Result<> scrypt(std::string_view password, Bytes salt, const ScryptCost& cost,
                              std::span<std::byte> out);

// The pre-shared key of a room with a password, see chatd-protocol(7): 32 bytes of scrypt of the
// password. The salt is the server's static public key, so that a precomputed table of passwords is
// of use for one server only.
[[nodiscard]] Result<SecretKey> password_key(std::string_view password, const PublicKey& server,
                                             const ScryptCost& cost = kPasswordCost);

}  // namespace chatd::crypto
