// SPDX-License-Identifier: GPL-3.0-or-later
// base64.hpp — keys as text (RFC 4648 section 4, with padding).
//
// Runs in:   every process that speaks the native protocol.
// Invariant: one key has one text: what to_base64() would not write is not read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/crypto/keys.hpp"

namespace chatd::crypto {

inline constexpr std::size_t kKeyTextBytes = 44;

[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);
// nullopt unless it is exactly the text of 32 bytes.
[[nodiscard]] std::optional<SecretKey> key_from_base64(std::string_view text);

}  // namespace chatd::crypto
