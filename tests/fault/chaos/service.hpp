// SPDX-License-Identifier: GPL-3.0-or-later
// service.hpp — chatd.service under the systemd of this machine, and what can be done to it.
//
// Runs in:   chaos, as root, on a machine that is there for nothing else.
// Owns:      the commands that it has started and not yet seen end.
// Invariant: what run() starts is not waited for; the rest asks, and has its answer.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/processes.hpp"

namespace chatd::test {

class Service {
 public:
  // The supervisor; 0: there is none at the moment.
  [[nodiscard]] static pid_t supervisor();
  // Its children that can be struck: alive, and past their fork.
  [[nodiscard]] static std::vector<Victim> children();
  // Names, sorted; nullopt: nobody answers.
  [[nodiscard]] static std::optional<std::vector<std::string>> roster();
  // Of all processes together, KiB that are theirs (Pss).
  [[nodiscard]] static std::uint64_t memory();

  // Runs in the background; ended() tells of its end.
  void run(std::vector<std::string> argv);
  // Those that have ended since: the command, and its exit status.
  struct Ended {
    std::string command;
    int status;
  };
  [[nodiscard]] std::vector<Ended> ended();
  [[nodiscard]] bool is_busy() const noexcept { return !running_.empty(); }

  // How many descriptors the process may have; nullopt: as many as at its start. False: it is gone.
  static bool limit_descriptors(pid_t pid, std::optional<std::uint64_t> most);

 private:
  struct Running {
    pid_t pid;
    std::string command;
  };
  std::vector<Running> running_;
};

}  // namespace chatd::test
