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
// The proof of a service that lost a connection's state that the connection was one of its own:
// HMAC-SHA256(its reset secret, connection)[:16]. Only the service can calculate it; the client
// received it at its login.
[[nodiscard]] ResetToken reset_token(const Key& secret, std::uint64_t connection);
// The reset secret of services before 0.2: HKDF(the server's static secret, "chatd reset").
[[nodiscard]] SecretKey former_reset_secret(const SecretKey& server);

}  // namespace chatd::crypto
