// SPDX-License-Identifier: GPL-3.0-or-later
// dh.hpp — the X25519 agreement (RFC 7748).
//
// Runs in:   gateway, client; some 30 us each.
// Errors:    a public key whose result would be zero whatever the secret is (a point of low
//            order): only an attacker sends it.
#pragma once

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

[[nodiscard]] Result<SecretKey> shared_secret(const KeyPair& own, const PublicKey& peer);

}  // namespace chatd::crypto
