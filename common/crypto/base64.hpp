// SPDX-License-Identifier: GPL-3.0-or-later
// base64.hpp — keys as text (RFC 4648 section 4, with padding).
//
// Runs in:   every process that uses the native protocol.
// Invariant: bytes have exactly one text: only a text that to_base64() writes is read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/keys.hpp"

namespace chatd::crypto {

inline constexpr std::size_t kKeyTextBytes = 44;

[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);
// Reads a key. nullopt unless the text is exactly that of 32 bytes.
[[nodiscard]] std::optional<SecretKey> key_from_base64(std::string_view text);
// Reads at most `most` bytes that are not secret. nullopt: another text, or more bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> bytes_from_base64(std::string_view text,
                                                                      std::size_t most);

}  // namespace chatd::crypto
