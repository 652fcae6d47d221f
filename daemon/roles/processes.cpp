// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/roles/processes.hpp"

#include <sys/eventfd.h>

#include <algorithm>

#include <fmt/format.h>

#include "daemon/roles/role.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::roles {

namespace {

Result<> add_processes(const Role& role, Processes& processes) {
  for (std::uint32_t i = 0; i < role.count; ++i) {
    const auto row = static_cast<std::uint32_t>(processes.list.size());
    if (row == state::kMaxProcesses) {
      return fail(fmt::format("more than {} processes", state::kMaxProcesses));
    }
    Process process{.role = role.name, .index = i, .row = row};
    if (role.follows) {
      const auto& bell = processes.bells.emplace_back(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
      if (!bell.is_open()) return fail(Error::from_errno("eventfd"));
      process.bell = bell.get();
    }
    processes.list.push_back(process);
  }
  return {};
}

}  // namespace

Result<Processes> make_processes(std::span<const Role> table) {
  Processes processes;
  for (const Role& role : table) {
    if (auto done = add_processes(role, processes); !done) return fail(done.error());
  }
  return processes;
}

std::uint32_t count_of(std::string_view role, std::span<const Process> processes) {
  return static_cast<std::uint32_t>(std::ranges::count(processes, role, &Process::role));
}

std::uint32_t row_of(std::string_view role, std::span<const Process> processes) {
  const auto found = std::ranges::find(processes, role, &Process::role);
  return found == processes.end() ? 0 : found->row;
}

std::string title_of(const Role& role, const Process& process) {
  if (role.index_field.empty()) return std::string{role.name};
  return fmt::format("{} {}", role.name, process.index);
}

}  // namespace chatd::roles
