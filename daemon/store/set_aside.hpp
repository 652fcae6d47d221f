// SPDX-License-Identifier: GPL-3.0-or-later
// set_aside.hpp — keeps a damaged database under another name, so that a new one can be made.
//
// Runs in:   archive, while the database is closed.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::store {

// Renames PATH to PATH.broken, and its journal to PATH.broken-wal, where sqlite3(1) finds it.
// Replaces an earlier one: a disk that damages one file after another is not filled. Returns the
// new name. `ending`: another one than ".broken".
[[nodiscard]] Result<std::string> set_aside(const std::string& path,
                                            std::string_view ending = ".broken");

// Deletes the files that set_aside() has made, and others whose names begin in the same way.
[[nodiscard]] Result<> remove_set_aside(const std::string& path,
                                        std::string_view ending = ".broken");

}  // namespace chatd::store
