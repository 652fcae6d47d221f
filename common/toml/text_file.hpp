// SPDX-License-Identifier: GPL-3.0-or-later
// text_file.hpp — the text of a configuration file.
//
// Runs in:   every process that reads the configuration of chatd, and uchat before it forks.
// Errors:    "cannot be opened: ...", with the errno as its code; a file above 1 MiB.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace chatd::config {

// Reads a file or a pipe to its end.
[[nodiscard]] Result<std::string> read_text_file(const std::string& path);

}  // namespace chatd::config
