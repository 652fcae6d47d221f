// SPDX-License-Identifier: GPL-3.0-or-later
// service.hpp — controls chatd.service under the systemd of this machine.
//
// Runs in:   chaos, as root, on a machine that is used only for this test.
// Owns:      the commands that run() has started and that have not ended yet.
// Invariant: run() does not wait for its command; all other functions wait for their result.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/fault/chaos/names_check.hpp"
#include "tests/fault/chaos/stored_check.hpp"
#include "tests/support/processes.hpp"

namespace chatd::test {

class Service {
 public:
  // The pid of the supervisor; 0: no supervisor runs at the moment.
  [[nodiscard]] static pid_t supervisor();
  // Whether the supervisor has reported to systemd that all its processes are ready.
  [[nodiscard]] static bool has_started();
  // The children of the supervisor that can be the target of a fault: alive, and past their fork.
  [[nodiscard]] static std::vector<Victim> children();
  // The names of all members of `room` ("": the default room), with the number of their programs;
  // nullopt: chatctl failed.
  using Roster = std::map<std::string, std::size_t>;
  [[nodiscard]] static std::optional<Roster> roster(const std::string& room);
  // The stored lines of a room, the oldest first; nullopt: chatctl failed, as
  // without any line, or took longer than 5 s.
  [[nodiscard]] static std::optional<std::vector<StoredRow>> stored(const std::string& room);
  // Gives a name to the key with this fingerprint. False: chatctl failed.
  [[nodiscard]] static bool give_name(const std::string& name, const std::string& key);
  // The owned names; nullopt: chatctl failed.
  [[nodiscard]] static std::optional<OwnedNames> owned_names();
  // The memory of all processes together (PSS), in KiB.
  [[nodiscard]] static std::uint64_t memory();

  // Starts a command in the background; ended() reports its end.
  void run(std::vector<std::string> argv);
  // The commands that have ended since the last call, with their exit statuses (-1: by a signal).
  struct Ended {
    std::string command;
    int status;
  };
  [[nodiscard]] std::vector<Ended> ended();
  [[nodiscard]] bool is_busy() const noexcept { return !running_.empty(); }

  // Sets the descriptor limit (RLIMIT_NOFILE) of a process; nullopt: back to its maximum. False:
  // the process does not exist any more.
  static bool limit_descriptors(pid_t pid, std::optional<std::uint64_t> most);

 private:
  struct Running {
    pid_t pid;
    std::string command;
  };
  std::vector<Running> running_;
};

}  // namespace chatd::test
