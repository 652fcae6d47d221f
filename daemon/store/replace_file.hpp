// SPDX-License-Identifier: GPL-3.0-or-later
// replace_file.hpp — writes a small file as a whole.
//
// Runs in:   archive.
// Invariant: whenever the process or the machine ends, the file has its old text or the new one.
//            The file is 0600 whatever the umask.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::store {

// Returns when the names of the files in the folder of `path` are on disk.
[[nodiscard]] Result<> sync_folder_of(const std::string& path);

// The ending of the file that is written, and then gets the name of the old one.
inline constexpr std::string_view kNewFile = ".new";

// Returns when the text and its name are on disk.
[[nodiscard]] Result<> replace_file(const std::string& path, std::string_view text);

}  // namespace chatd::store
