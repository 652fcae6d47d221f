// SPDX-License-Identifier: GPL-3.0-or-later
// hash.hpp — SHA-256, and the functions built on it: HMAC (RFC 2104) and HKDF (RFC 5869).
//
// Runs in:   every process that uses the native protocol.
// Invariant: no function allocates; copies of keys, and states, are wiped.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>

namespace chatd::crypto {

using Bytes = std::span<const std::byte>;
using Hash = std::array<std::byte, 32>;

// The hash of the parts, concatenated: sha256({name, text}).
[[nodiscard]] Hash sha256(std::initializer_list<Bytes> parts);
[[nodiscard]] Hash hmac_sha256(Bytes key, std::initializer_list<Bytes> parts);

[[nodiscard]] Hash hkdf_extract(Bytes salt, Bytes material);
// Fills `out`, at most 255 * 32 bytes.
void hkdf_expand(Bytes key, Bytes info, std::span<std::byte> out);
// Extract and expand. Noise's HKDF is this one with the chaining key as salt, without info, and
// with two or three times 32 bytes of output.
void hkdf(Bytes salt, Bytes material, Bytes info, std::span<std::byte> out);

}  // namespace chatd::crypto
