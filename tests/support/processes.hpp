// SPDX-License-Identifier: GPL-3.0-or-later
// processes.hpp — what /proc says about processes.
//
// Runs in:   test programs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace chatd::test {

struct ProcessInfo {
  pid_t pid{};
  char state{};  // R, S, D, T, Z, ...
  pid_t parent{};
  pid_t group{};
  pid_t session{};
  int terminal{};                   // 0: none
  std::chrono::microseconds cpu{};  // user and system, to the clock tick
};

// nullopt: there is no such process.
[[nodiscard]] std::optional<ProcessInfo> process_info(pid_t pid);
// Zombies too.
[[nodiscard]] std::vector<ProcessInfo> children_of(pid_t parent);
// Arguments as `ps` shows them, joined by blanks.
[[nodiscard]] std::string command_line_of(pid_t pid);

// Its private pages and its share of the others (Pss, proc(5)), KiB; 0: there is no such process.
[[nodiscard]] std::size_t memory_of(pid_t pid);

// A process of the daemon that can be struck: alive, and past its fork.
struct Victim {
  pid_t pid{};
  std::string role;  // "gateway", "worker 0"
};
[[nodiscard]] std::vector<Victim> victims(pid_t supervisor);

// Orphaned grandchildren become children of this process instead of init's: a daemon that
// detaches, and whatever a dead one left behind, can be seen and waited for.
void adopt_orphans();

}  // namespace chatd::test
