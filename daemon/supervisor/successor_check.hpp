// SPDX-License-Identifier: GPL-3.0-or-later
// successor_check.hpp — whether the program that is to take over would start. It runs with
// --check-config and sys::kSuccessorCheck, and checks its configuration and the files that it
// needs, which also shows that it can run at all.
//
// Runs in:   supervisor, which reaps the process.
// Owns:      the process, which the destructor kills, and its output.
// Invariant: no call waits, except the destructor for a killed process: SIGCHLD reports its end.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/exit_status.hpp"

namespace chatd::supervisor {

class SuccessorCheck {
 public:
  // `command`: the program's path and all its arguments.
  [[nodiscard]] static Result<SuccessorCheck> start(const std::vector<std::string>& command,
                                                    MonoTime now);
  SuccessorCheck(SuccessorCheck&& other) noexcept;
  SuccessorCheck& operator=(SuccessorCheck&& other) noexcept;
  SuccessorCheck(const SuccessorCheck&) = delete;
  SuccessorCheck& operator=(const SuccessorCheck&) = delete;
  ~SuccessorCheck();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // True if the check has run longer than a program that works needs (kTimeLimit).
  [[nodiscard]] bool is_late(MonoTime now) const noexcept;
  void kill() const noexcept;
  // After it was reaped. The error has the exit status and the output of the program.
  [[nodiscard]] Result<> verdict(process::ExitStatus status);

 private:
  SuccessorCheck(pid_t pid, UniqueFd output, MonoTime started) noexcept
      : pid_{pid}, output_{std::move(output)}, started_{started} {}

  pid_t pid_;  // 0: it was reaped
  UniqueFd output_;
  MonoTime started_;
};

}  // namespace chatd::supervisor
