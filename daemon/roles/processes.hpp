// SPDX-License-Identifier: GPL-3.0-or-later
// processes.hpp — the processes of a service, as its table of roles lays them out.
//
// Runs in:   main() makes the list before any fork; every process can read it.
// Owns:      Processes owns the bells, one eventfd for each process that follows the logs.
// Invariant: the processes of a role have consecutive rows of the process table in shared memory
//            (state::ProcessControl), in the order of the table of roles: the first row of the
//            role plus the index of the process.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::roles {

struct Role;

inline constexpr std::string_view kGateway = "gateway";
inline constexpr std::string_view kWorker = "worker";
inline constexpr std::string_view kArchive = "archive";
inline constexpr std::string_view kWeb = "web";

struct Process {
  std::string_view role;  // its name
  std::uint32_t index{};  // among the processes of the role, from 0
  std::uint32_t row{};    // of the process table in shared memory
  // The eventfd of a process that follows the logs, see daemon/state/wake.hpp.
  std::optional<int> bell{};
};

struct Processes {
  std::vector<Process> list;  // by row
  std::vector<UniqueFd> bells;
};

// Errors: more processes than the process table has rows (state::kMaxProcesses), no descriptor
// left for a bell.
[[nodiscard]] Result<Processes> make_processes(std::span<const Role> table);

// The number of processes of the role with this name.
[[nodiscard]] std::uint32_t count_of(std::string_view role, std::span<const Process> processes);

// The row of the first process of that role; 0 if there is none.
[[nodiscard]] std::uint32_t row_of(std::string_view role, std::span<const Process> processes);

// "gateway", "worker 1": without the index in a role that has one process only.
[[nodiscard]] std::string title_of(const Role& role, const Process& process);

}  // namespace chatd::roles
