// SPDX-License-Identifier: GPL-3.0-or-later
// password.hpp — the room's password, from the file that room.password_file names.
//
// Runs in:   supervisor: main() and each reload.
// Errors:    a Problem that names the file and what would be right.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace chatd::config {

inline constexpr std::size_t kMostPasswordBytes = 256;

// The file's first line without its end; nullopt if no file is named. `source` is what named
// it. Who may read the file: see common/base/secret_file.hpp; `service_group` is the group of the
// user that this process will be, if that is known.
[[nodiscard]] std::expected<std::optional<std::string>, Problem> read_password(
    const Config& config, std::string_view source,
    std::optional<gid_t> service_group = std::nullopt);

}  // namespace chatd::config
