// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/processes.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::test {

std::optional<ProcessInfo> process_info(pid_t pid) {
  const std::string stat = file_text("/proc/" + std::to_string(pid) + "/stat");
  // The name is in parentheses and can contain any character, parentheses too.
  const auto end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream fields{stat.substr(end_of_name + 1)};
  ProcessInfo info{.pid = pid};
  long long ignored = 0;
  long long user = 0;
  long long system = 0;
  fields >> info.state >> info.parent >> info.group >> info.session >> info.terminal;
  for (int field = 8; field < 14; ++field) fields >> ignored;
  fields >> user >> system;
  if (!fields) return std::nullopt;
  info.cpu = std::chrono::microseconds{(user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK)};
  return info;
}

std::vector<ProcessInfo> children_of(pid_t parent) {
  std::vector<ProcessInfo> children;
  std::error_code gone;
  const std::string tasks = "/proc/" + std::to_string(parent) + "/task";
  for (const auto& task : std::filesystem::directory_iterator{tasks, gone}) {
    std::istringstream pids{file_text(task.path() / "children")};
    for (pid_t pid = 0; pids >> pid;) {
      if (const auto info = process_info(pid)) children.push_back(*info);
    }
  }
  return children;
}

std::string command_line_of(pid_t pid) {
  std::string line = file_text("/proc/" + std::to_string(pid) + "/cmdline");
  while (line.ends_with('\0')) line.pop_back();
  std::ranges::replace(line, '\0', ' ');
  return line;
}

std::size_t memory_of(pid_t pid) {
  std::istringstream fields{file_text("/proc/" + std::to_string(pid) + "/smaps_rollup")};
  for (std::string field; fields >> field;) {
    std::size_t kib = 0;
    if (field == "Pss:" && fields >> kib) return kib;
  }
  return 0;
}

std::vector<Victim> victims(pid_t supervisor) {
  static constexpr std::string_view kTitle = "chatd: ";
  std::vector<Victim> found;
  for (const auto& child : children_of(supervisor)) {
    const std::string title = command_line_of(child.pid);
    if (child.state == 'Z' || !title.starts_with(kTitle)) continue;
    found.push_back({.pid = child.pid, .role = title.substr(kTitle.size())});
  }
  return found;
}

void adopt_orphans() { EXPECT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0); }

}  // namespace chatd::test
