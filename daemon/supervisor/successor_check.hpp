// SPDX-License-Identifier: GPL-3.0-or-later
// successor_check.hpp — will the program that is to take over start? It is asked to check its
// configuration, and what it needs beside that (sys::kSuccessorCheck), which also shows that it
// can run at all.
//
// Runs in:   supervisor, which reaps the process.
// Owns:      the process, killed if it is still there at the end, and what it says.
// Invariant: nothing waits: its end comes as any child's, by SIGCHLD.
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
  // It takes longer than any program that works.
  [[nodiscard]] bool is_late(MonoTime now) const noexcept;
  void kill() const noexcept;
  // After it was reaped. The error says what is wrong with the program, in its own words.
  [[nodiscard]] Result<> verdict(process::ExitStatus status);

 private:
  SuccessorCheck(pid_t pid, UniqueFd output, MonoTime started) noexcept
      : pid_{pid}, output_{std::move(output)}, started_{started} {}

  pid_t pid_;  // 0: it was reaped
  UniqueFd output_;
  MonoTime started_;
};

}  // namespace chatd::supervisor
