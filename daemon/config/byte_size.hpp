// SPDX-License-Identifier: GPL-3.0-or-later
// byte_size.hpp — sizes in the text form of the configuration: "512MiB", "1GiB".
//
// Runs in:   every process that reads or prints the configuration.
// Invariant: parse_byte_size(byte_size_text(n)) is n.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::config {

// A whole number and one of the units B, KiB, MiB, GiB, TiB.
[[nodiscard]] Result<std::uint64_t> parse_byte_size(std::string_view text);
// With the largest unit that leaves a whole number.
[[nodiscard]] std::string byte_size_text(std::uint64_t bytes);

}  // namespace chatd::config
