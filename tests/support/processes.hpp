// SPDX-License-Identifier: GPL-3.0-or-later
// processes.hpp — reads state, children and memory of processes from /proc.
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
  std::chrono::microseconds cpu{};  // user and system time, in whole clock ticks
};

// nullopt: no such process.
[[nodiscard]] std::optional<ProcessInfo> process_info(pid_t pid);
// The children of the process, zombies included.
[[nodiscard]] std::vector<ProcessInfo> children_of(pid_t parent);
// The arguments as `ps` shows them, joined by spaces.
[[nodiscard]] std::string command_line_of(pid_t pid);

// Its private memory and its share of shared memory (Pss, proc(5)), in KiB; 0: no such process.
[[nodiscard]] std::size_t memory_of(pid_t pid);

// A child of the supervisor that a test can kill: alive, and with its title set after the fork.
struct Victim {
  pid_t pid{};
  std::string role;  // "gateway", "worker 0"
};
[[nodiscard]] std::vector<Victim> victims(pid_t supervisor);

// Makes this process the subreaper: orphaned grandchildren become its children instead of init's.
// So a test can wait for a daemon that detaches, and for processes that a daemon leaves behind.
void adopt_orphans();

}  // namespace chatd::test
