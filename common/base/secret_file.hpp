// SPDX-License-Identifier: GPL-3.0-or-later
// secret_file.hpp — a password from the first line of a file that others cannot read.
//
// Runs in:   chatd (room.password_file), uchat (--password-file).
// Rule:      the file is opened once, and what is checked is what was opened. Others may neither
//            read nor write it. A group may read it if root owns it and the group is root's or one
//            of this process's: root has chosen that group (as PostgreSQL does for its TLS key).
//            So 0600 is always right, and 0640 for root:_chatd; systemd's credentials are 0400, or
//            0440 of root:root where an access control list lets the service in.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace chatd {

struct SecretFileRules {
  std::size_t most_bytes;              // of the line
  bool must_be_plain{false};           // no pipe, no device: it is read again later
  std::optional<gid_t> other_group{};  // may read a file of root's as well
};

struct SecretFileFault {
  enum class Kind : std::uint8_t {
    unreadable,      // code: an errno
    not_plain,       //
    open_to_others,  // mode: its permission bits
    empty,           // its first line
    too_long,        // its first line
  };
  Kind kind;
  int code{0};
  unsigned mode{0};
};

// The first line, without its end (LF or CR LF).
[[nodiscard]] std::expected<std::string, SecretFileFault> read_secret_line(
    const std::string& path, const SecretFileRules& rules);

}  // namespace chatd
