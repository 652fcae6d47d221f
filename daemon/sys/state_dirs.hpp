// SPDX-License-Identifier: GPL-3.0-or-later
// state_dirs.hpp — where sockets, pid file and state live unless the user says otherwise.
//
// Runs in: main(), before anything else is created.
//
//              under systemd           root             an ordinary user
//   runtime    $RUNTIME_DIRECTORY      /run/chatd       $XDG_RUNTIME_DIR/chatd
//   state      $STATE_DIRECTORY        /var/lib/chatd   $XDG_STATE_HOME/chatd, that unset:
//                                                       $HOME/.local/state/chatd
//
// systemd sets its two for RuntimeDirectory= and StateDirectory= (systemd.exec(5)): the
// service's user is neither root nor a user with a session.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>

#include "common/base/result.hpp"

namespace chatd::sys {

// Both only name a path.
[[nodiscard]] Result<std::string> runtime_directory(uid_t user = ::geteuid());
[[nodiscard]] Result<std::string> state_directory(uid_t user = ::geteuid());

// `create` for the default paths above, with mode 0700 for what is missing on the way;
// `must_exist` for a path that a user wrote, where a missing parent is likely a mistyped one.
enum class Parents : bool { must_exist, create };

// Makes the directory with exactly this mode, whatever the umask. One that exists keeps its
// mode, and must be a directory that this process can write to.
[[nodiscard]] Result<> make_directory(const std::string& path, mode_t mode, Parents parents);

// Does it exist, is it a directory, and can this process write to it?
[[nodiscard]] Result<> check_directory(const std::string& path);

}  // namespace chatd::sys
