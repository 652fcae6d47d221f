// SPDX-License-Identifier: GPL-3.0-or-later
// nesting.hpp — a check before toml++ reads a file: refuses too deeply nested tables.
//
// Runs in:   every process that reads the configuration.
//
// Each dot of `a.b.c = 1` or `[a.b.c]` makes one table more. toml++ 3.3 has no limit for
// that, and it destroys tables by recursion: 100 kB of dots overflow the stack. It does limit
// the nesting of brackets (TOML_MAX_NESTED_VALUES).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace chatd::config {

// The line where the number of dots outside of strings and comments is above that of any
// configuration. A rough reading of TOML: right for everything up to the first syntax error.
[[nodiscard]] std::optional<std::uint32_t> line_nested_too_deeply(std::string_view toml);

}  // namespace chatd::config
