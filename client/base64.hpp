// SPDX-License-Identifier: GPL-3.0-or-later
// base64.hpp — keys as text (RFC 4648, section 4, with padding).
//
// Runs in: chat's session process.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::client {

[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);

// Only what to_base64() writes: no blanks, all the padding, no spare bits set.
[[nodiscard]] std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace chatd::client
