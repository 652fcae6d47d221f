// SPDX-License-Identifier: GPL-3.0-or-later
// ratchet.hpp — keys that are derived from other keys.
//
// Runs in:   every process that uses the native protocol.
// Invariant: a derived key does not reveal the key that it was derived from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// The key of the next key phase: HKDF-SHA256-Expand(key, "chatd rekey", 32).
[[nodiscard]] Key next_key(const Key& key);

using ResetToken = std::array<std::byte, 16>;
// The proof of a server that lost a connection's state that it is the same server:
// HMAC-SHA256(HKDF(its static secret, "chatd reset"), connection)[:16]. Only the server can
// calculate it; the client received it at its login.
[[nodiscard]] ResetToken reset_token(const SecretKey& server, std::uint64_t connection);

}  // namespace chatd::crypto
