// SPDX-License-Identifier: GPL-3.0-or-later
// secret_file.hpp — a password from the first line of a file that others cannot read.
//
// Runs in:   chatd (room.password_file), uchat (--password-file).
// Rule:      the file is opened once, and the open file is checked, not its name. Others may
//            neither read nor write it. A group may read it if root owns it and the group is
//            root's or one of this process's: root has chosen that group (PostgreSQL does the
//            same for its TLS key). So 0600 is always accepted, and 0640 for root:_chatd;
//            systemd's credentials are 0400, or 0440 of root:root where an access control list
//            lets the service read them.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace chatd {

// The requirements that a secret file must meet.
struct SecretFileRules {
  std::size_t most_bytes;              // the longest line, without its end
  bool must_be_plain{false};           // no pipe and no device: the file is read again later
  std::optional<gid_t> other_group{};  // another group that may read a file of root's
};

// Why there is no secret. The comments name the member that says more.
struct SecretFileFault {
  enum class Kind : std::uint8_t {
    unreadable,      // code: an errno
    not_plain,       //
    open_to_others,  // mode: its permission bits
    empty,           // the first line
    too_long,        // the first line
  };
  Kind kind;
  int code{0};
  unsigned mode{0};
};

// Returns the first line, without its end (LF or CR LF).
[[nodiscard]] std::expected<std::string, SecretFileFault> read_secret_line(
    const std::string& path, const SecretFileRules& rules);

}  // namespace chatd
