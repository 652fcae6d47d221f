// SPDX-License-Identifier: GPL-3.0-or-later
// password.hpp — the room's password, from the file that room.password_file names.
//
// Runs in:   main (checks it with the rest of the configuration), gateway (uses it).
// Errors:    a Problem that names the file and what would be right.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace chatd::config {

inline constexpr std::size_t kMostPasswordBytes = 256;

// The file's first line without its end; nullopt if no file is named. `source` is what named
// it.
[[nodiscard]] std::expected<std::optional<std::string>, Problem> read_password(
    const Config& config, std::string_view source);

}  // namespace chatd::config
