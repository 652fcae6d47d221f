// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/control_path.hpp"

#include <unistd.h>

#include <cstdlib>

namespace chatd::wire {

namespace {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

ControlPathContext control_path_context() {
  return {.uid = ::geteuid(),
          .chatd_control = environment("CHATD_CONTROL"),
          .xdg_runtime_dir = environment("XDG_RUNTIME_DIR"),
          .exists = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }};
}

std::string daemon_control_path(const ControlPathContext& context) {
  // XDG_RUNTIME_DIR of root is that of the caller of sudo, or /run/user/0: other users do not
  // look there.
  if (context.uid == 0 || context.xdg_runtime_dir.empty()) return std::string{kSystemControlPath};
  return context.xdg_runtime_dir + "/chatd/control.sock";
}

std::string client_control_path(const ControlPathContext& context) {
  if (!context.chatd_control.empty()) return context.chatd_control;
  std::string own = daemon_control_path(context);
  return context.exists(own) ? own : std::string{kSystemControlPath};
}

}  // namespace chatd::wire
