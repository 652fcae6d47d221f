// SPDX-License-Identifier: GPL-3.0-or-later
// dh.hpp — the X25519 agreement (RFC 7748).
//
// Runs in:   gateway, client; about 30 us each.
// Errors:    a public key that gives a zero result with every secret (a point of low order):
//            only an attacker sends one.
#pragma once

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

[[nodiscard]] Result<SecretKey> shared_secret(const KeyPair& own, const PublicKey& peer);

}  // namespace chatd::crypto
