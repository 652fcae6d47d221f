// SPDX-License-Identifier: GPL-3.0-or-later
// exit_status.hpp — the exit statuses of chatctl: the numbers of the Linux Standard Base for
// init scripts, which monitoring programs know. Listed in man/chatctl.1.
//
// Runs in: chatctl.
#pragma once

#include <array>
#include <string_view>

#include "common/wire/control/control_message.hpp"

namespace chatd::ctl {

enum class ExitStatus : int {
  done = 0,
  failed = 1,
  usage = 2,
  status_not_running = 3,  // only `status`
  denied = 4,
  not_running = 7,  // every other verb
};

inline constexpr std::array kExitStatuses{
    ExitStatus::done,   ExitStatus::failed,      ExitStatus::usage, ExitStatus::status_not_running,
    ExitStatus::denied, ExitStatus::not_running,
};

// The status of an error, by its code of common/wire/control/control_message.hpp.
[[nodiscard]] constexpr ExitStatus exit_status_of(std::string_view error_code,
                                                  std::string_view verb) noexcept {
  namespace code = wire::code;
  if (error_code == code::kNotRunning) {
    return verb == "status" ? ExitStatus::status_not_running : ExitStatus::not_running;
  }
  if (error_code == code::kDenied) return ExitStatus::denied;
  if (error_code == code::kUsage || error_code == code::kUnknownVerb) return ExitStatus::usage;
  return ExitStatus::failed;
}

}  // namespace chatd::ctl
