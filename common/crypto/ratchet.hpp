// SPDX-License-Identifier: GPL-3.0-or-later
// ratchet.hpp — the keys that are made of other keys.
//
// Runs in:   every process that speaks the native protocol.
// Invariant: none of them leads back to what it was made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// The key of the next epoch: HKDF-SHA256-Expand(key, "chatd rekey", 32).
[[nodiscard]] Key next_key(const Key& key);

using ResetToken = std::array<std::byte, 16>;
// By which a server that lost a connection proves that it is the one that had it:
// HMAC-SHA256(HKDF(its static secret, "chatd reset"), connection)[:16]. Only the server can
// calculate it; the client was told it when it came.
[[nodiscard]] ResetToken reset_token(const SecretKey& server, std::uint64_t connection);

}  // namespace chatd::crypto
