// SPDX-License-Identifier: GPL-3.0-or-later
// recoveries.hpp — kills processes of a daemon and measures how soon each successor is ready.
//
// Runs in:   test programs. The daemon must log at level debug: its log has the times.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/supervisor/respawn_policy.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/processes.hpp"

namespace chatd::test {

// The processes of the daemon that a test can kill.
[[nodiscard]] std::vector<Victim> victims(const DaemonUnderTest& daemon);
// The pid of a role ("gateway", "worker 0"); 0 if there is no such process at the moment.
[[nodiscard]] pid_t pid_of(const DaemonUnderTest& daemon, std::string_view role);

class Recoveries {
 public:
  using Millis = std::chrono::milliseconds;

  // Sends SIGKILL and keeps the time. A process that was already killed is left alone.
  void kill(const Victim& victim);

  [[nodiscard]] std::size_t kills(const std::string& role) const;
  [[nodiscard]] std::size_t kills() const noexcept { return killed_.size(); }

  struct Recovery {
    std::string role;
    Millis took{};      // from the kill until the successor was ready
    Millis back_off{};  // the part of it that the respawn policy adds
  };
  // One entry for each kill whose successor was left alone until it was ready: one that was killed
  // before that is a kill of its own. A kill that no ready successor follows fails the test.
  [[nodiscard]] std::vector<Recovery> read(const std::string& log) const;

 private:
  struct Killed {
    Victim victim;
    WallTime when;
  };
  std::vector<Killed> killed_;
};

}  // namespace chatd::test
