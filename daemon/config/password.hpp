// SPDX-License-Identifier: GPL-3.0-or-later
// password.hpp — the room's password, from the file that room.password_file names.
//
// Runs in:   supervisor: main() and each reload.
// Errors:    a Problem that names the file and says what would be right.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace chatd::config {

inline constexpr std::size_t kMaxPasswordBytes = 256;

// Returns the file's first line without its end; nullopt if no file is configured. `source` is the
// configuration's name in a Problem. The permissions of the file: see common/base/secret_file.hpp;
// `service_group` is the group that this process will have, if known.
[[nodiscard]] std::expected<std::optional<std::string>, Problem> read_password(
    const Config& config, std::string_view source,
    std::optional<gid_t> service_group = std::nullopt);

}  // namespace chatd::config
