// SPDX-License-Identifier: GPL-3.0-or-later
// control_path.hpp — the default path of the control socket.
//
// Runs in:   chatd (to listen) and chatctl (to connect): one rule for both.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

namespace chatd::wire {

// The input of the rule. An unset variable is "".
struct ControlPathContext {
  uid_t uid{0};
  std::string chatd_control;    // $CHATD_CONTROL, chatctl only
  std::string xdg_runtime_dir;  // $XDG_RUNTIME_DIR
  std::function<bool(const std::string&)> exists;
};

inline constexpr std::string_view kSystemControlPath = "/run/chatd/control.sock";
// The group whose members may connect. Only root can give the socket to it.
inline constexpr const char* kControlGroup = "_chatd";

// The context of this process: effective uid, environment, file system.
[[nodiscard]] ControlPathContext control_path_context();

// The path where a daemon listens: root, and a service user without $XDG_RUNTIME_DIR, on
// /run/chatd/control.sock; an ordinary user on $XDG_RUNTIME_DIR/chatd/control.sock.
[[nodiscard]] std::string daemon_control_path(const ControlPathContext& context);

// The path where chatctl connects: $CHATD_CONTROL; else, for an ordinary user, the own daemon's
// socket if there is one; else /run/chatd/control.sock.
[[nodiscard]] std::string client_control_path(const ControlPathContext& context);

}  // namespace chatd::wire
