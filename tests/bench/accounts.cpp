// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/accounts.hpp"

#include <sys/resource.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tests/support/processes.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::bench {

namespace {

using std::chrono::nanoseconds;
namespace fs = std::filesystem;

std::vector<pid_t> family_of(pid_t head) {
  std::vector<pid_t> family{head};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const auto& child : test::children_of(family[i])) family.push_back(child.pid);
  }
  return family;
}

std::string of(pid_t pid, std::string_view what) {
  return "/proc/" + std::to_string(pid) + "/" + std::string{what};
}

std::size_t sockets_of(pid_t pid) {
  std::size_t sockets = 0;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator{of(pid, "fd"), gone}) {
    const auto target = fs::read_symlink(entry.path(), gone).string();
    if (target.starts_with("socket:")) ++sockets;
  }
  return sockets;
}

// The size of the kernel objects of one connection. If slabs are merged, or may not be read, the
// sizes are those of Linux 6.18 on x86_64.
std::uint64_t bytes_of_a_connection() {
  struct Kind {
    std::string_view name;
    std::uint64_t bytes;
  };
  std::array<Kind, 5> kinds{{{"TCP", 2432},
                             {"sock_inode_cache", 832},
                             {"dentry", 192},
                             {"filp", 192},
                             {"eventpoll_epi", 128}}};
  std::ifstream slabs{"/proc/slabinfo"};
  for (std::string line; std::getline(slabs, line);) {
    std::istringstream fields{line};
    std::string name;
    std::uint64_t active = 0;
    std::uint64_t all = 0;
    std::uint64_t size = 0;
    if (!(fields >> name >> active >> all >> size)) continue;
    for (Kind& kind : kinds) {
      if (kind.name == name) kind.bytes = size;
    }
  }
  std::uint64_t sum = 0;
  for (const Kind& kind : kinds) sum += kind.bytes;
  return sum;
}

}  // namespace

std::vector<pid_t> tasks_of_family(pid_t head) {
  std::vector<pid_t> tasks;
  for (const pid_t pid : family_of(head)) {
    std::error_code gone;
    for (const auto& task : fs::directory_iterator{of(pid, "task"), gone}) {
      tasks.push_back(std::stoi(task.path().filename()));
    }
  }
  return tasks;
}

nanoseconds cpu_of_family(pid_t head) {
  nanoseconds sum{};
  for (const pid_t task : tasks_of_family(head)) {
    std::int64_t on_cpu = 0;
    std::istringstream{test::file_text(of(task, "schedstat"))} >> on_cpu;
    sum += nanoseconds{on_cpu};
  }
  return sum;
}

nanoseconds own_cpu() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

Memory memory_of_family(pid_t head) {
  Memory memory;
  for (const pid_t pid : family_of(head)) {
    memory.processes += std::uint64_t{1024} * test::memory_of(pid);
    memory.sockets += sockets_of(pid) * bytes_of_a_connection();
  }
  return memory;
}

}  // namespace chatd::bench
