// SPDX-License-Identifier: GPL-3.0-or-later
// key_file.hpp — a secret key in a file: one line of base64 that only its owner can read.
//
// Runs in:   chatd (the server's keys, see daemon/server_keys.hpp), client (the member's identity).
// Invariant: a key file appears complete and on disk, or not at all; of two processes that
//            make it at once, both get the key of the one that was first. Its mode is 0600,
//            whatever the umask. In a folder that a user other than root and this user can
//            write to, neither a link nor a third user's file is accepted as a key.
// Errors:    name the file, and say what would be right.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::crypto {

// Reads the key file. Error code ENOENT if there is no such file.
[[nodiscard]] Result<KeyPair> load_key(const std::string& path);
// Reads the key file, or makes one if there is no such file; its folder must exist.
[[nodiscard]] Result<KeyPair> load_or_make_key(const std::string& path);

// The same for a secret that is not an X25519 key.
[[nodiscard]] Result<SecretKey> load_secret(const std::string& path);
// Makes the file with `secret` if there is no such file. The result is what the file has.
[[nodiscard]] Result<SecretKey> keep_secret(const std::string& path, const SecretKey& secret);
// Makes the file, or puts it in the place of another one, in one step.
[[nodiscard]] Result<> store_secret(const std::string& path, const SecretKey& secret);
// The same for a line of text that is not secret, as a certificate.
[[nodiscard]] Result<> store_line(const std::string& path, std::string_view line);
// The only line of such a file, without its end, at most `most` bytes; one more shows that it is
// longer.
[[nodiscard]] Result<std::string> load_line(const std::string& path, std::size_t most);
// Gives a file another name, in one step that is on disk afterwards.
[[nodiscard]] Result<> move_key_file(const std::string& from, const std::string& to);

}  // namespace chatd::crypto
