// SPDX-License-Identifier: GPL-3.0-or-later
// key_file.hpp — a secret key in a file: one line of base64 that only its owner can read.
//
// Runs in:   supervisor (the server's key), client (the member's identity), at their start.
// Invariant: a key file appears complete and on disk, or not at all; of two processes that
//            make it at once, both get the key of the one that was first. Its mode is 0600,
//            whatever the umask. In a folder that a user other than root and this user can
//            write to, neither a link nor a third user's file is accepted as a key.
// Errors:    name the file, and say what would be right.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// Reads the key file. Error code ENOENT if there is no such file.
[[nodiscard]] Result<KeyPair> load_key(const std::string& path);
// Reads the key file, or makes one if there is no such file; its folder must exist.
[[nodiscard]] Result<KeyPair> load_or_make_key(const std::string& path);

}  // namespace chatd::crypto
