// SPDX-License-Identifier: GPL-3.0-or-later
// signing.hpp — signatures: Ed25519 (RFC 8032).
//
// Runs in:   chatd (the server's identity), uchat (checks certificates).
// Errors:    libcrypto has no Ed25519.
#pragma once

#include <array>
#include <cstddef>

#include "common/base/result.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

using Signature = std::array<std::byte, 64>;

// The public half of a secret key.
[[nodiscard]] Result<PublicKey> signing_key_of(const SecretKey& secret);
// The same key and message always have the same signature.
[[nodiscard]] Result<Signature> sign(const SecretKey& secret, Bytes message);
[[nodiscard]] bool is_signed(const PublicKey& key, Bytes message, const Signature& signature);

}  // namespace chatd::crypto
