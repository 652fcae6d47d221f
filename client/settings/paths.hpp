// SPDX-License-Identifier: GPL-3.0-or-later
// paths.hpp — the names of the user and of the machine, and the paths and files of uchat's
// configuration.
//
// Runs in: both processes of uchat.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The path of the client's file `name`: $XDG_CONFIG_HOME/uchat/NAME or ~/.config/uchat/NAME. If the
// file exists only in the folder chat/, which older releases used, the path is the one in chat/.
// "" if the user has no home directory, or if it does not exist. A relative $XDG_CONFIG_HOME is
// ignored, as its specification requires.
[[nodiscard]] std::string config_file(std::string_view name);

// The path of a file that uchat keeps by itself: $XDG_STATE_HOME/uchat/NAME or
// ~/.local/state/uchat/NAME; "" as above.
[[nodiscard]] std::string state_file(std::string_view name);

// `path`, with the user's home directory in place of a '~' in front of a slash.
[[nodiscard]] std::string with_home(std::string_view path);

// Creates the folder of `file` and its parent folders with mode 0700. Folders that exist stay as
// they are.
[[nodiscard]] Result<> make_folder_of(const std::string& file);

// The user's login name; "guest" if there is none. Never empty.
[[nodiscard]] std::string login_name();

// The name of this machine up to its first dot, as a label of the device among the keys of an owned
// name; at most 32 bytes. "": it has none that can be shown.
[[nodiscard]] std::string device_label();

// Reads a password: the first line of a file or a pipe, without the line end. Errors: the file
// cannot be read, its first line is empty or longer than 256 bytes, or other users can read it (see
// common/base/secret_file.hpp).
[[nodiscard]] Result<std::string> read_password(const std::string& file,
                                                wire::Language language = wire::Language::en);
// The same for an invitation code, as it is typed.
[[nodiscard]] Result<std::string> read_code(const std::string& file,
                                            wire::Language language = wire::Language::en);

}  // namespace chatd::client
