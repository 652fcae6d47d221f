// SPDX-License-Identifier: GPL-3.0-or-later
// nesting.hpp — a guard in front of toml++ against tables inside tables without end.
//
// Runs in:   whoever reads the configuration.
//
// Each dot of `a.b.c = 1` or `[a.b.c]` makes one table more, toml++ 3.3 has no limit for
// that, and it destroys tables by recursion: 100 kB of dots end the stack. It does limit
// the nesting of brackets (TOML_MAX_NESTED_VALUES).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace chatd::config {

// The line where the dots outside of strings and comments are more than any configuration
// has. A rough reading of TOML: right for everything up to the first syntax error.
[[nodiscard]] std::optional<std::uint32_t> line_nested_too_deeply(std::string_view toml);

}  // namespace chatd::config
