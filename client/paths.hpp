// SPDX-License-Identifier: GPL-3.0-or-later
// paths.hpp — who the user is on this machine, and where uchat keeps its files.
//
// Runs in: both processes of uchat.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The path of the client's file `name`: below $XDG_CONFIG_HOME/uchat or ~/.config/uchat. A file
// that exists only below chat/, the folder of releases in which the client was called chat, is used
// there.
// "" if there is no home either. A relative $XDG_CONFIG_HOME counts as none, as its specification
// says.
[[nodiscard]] std::string config_file(std::string_view name);

// Makes the folder of `file` and those above it, for this user only.
[[nodiscard]] Result<> make_folder_of(const std::string& file);

// Never empty.
[[nodiscard]] std::string login_name();

// The first line without its end, of a file or a pipe. Errors: unreadable, nothing in it, longer
// than 256 bytes, or open to others (see common/base/secret_file.hpp).
[[nodiscard]] Result<std::string> read_password(const std::string& file,
                                                wire::Language language = wire::Language::en);

}  // namespace chatd::client
