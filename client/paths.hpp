// SPDX-License-Identifier: GPL-3.0-or-later
// paths.hpp — who the user is on this machine, and where chat keeps its files.
//
// Runs in: both processes of chat.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// $XDG_CONFIG_HOME/chat or ~/.config/chat; "" if there is no home either. A relative
// $XDG_CONFIG_HOME counts as none, as its specification says.
[[nodiscard]] std::string config_folder();

// Makes the folder of `file` and those above it, for this user only.
[[nodiscard]] Result<> make_folder_of(const std::string& file);

// Never empty.
[[nodiscard]] std::string login_name();

// The first line without its end. Errors: unreadable, or nothing in it.
[[nodiscard]] Result<std::string> read_password(const std::string& file,
                                                wire::Language language = wire::Language::en);

}  // namespace chatd::client
