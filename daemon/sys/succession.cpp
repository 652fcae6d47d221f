// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/succession.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <systemd/sd-daemon.h>

#include "common/base/unique_fd.hpp"

namespace chatd::sys {

namespace {

constexpr const char* kSuccessor = "CHATD_SUCCESSOR";

// The value of $CHATD_SUCCESSOR when this process began.
const std::string& first_word() {
  static const std::string at_start = [] {
    const char* const value = ::getenv(kSuccessor);
    std::string taken = value == nullptr ? "" : value;
    ::unsetenv(kSuccessor);
    return taken;
  }();
  return at_start;
}

// First above all targets: a descriptor may have the number that another one is to get.
Result<> move_into_place(std::span<const InheritedDescriptor> descriptors) {
  const int count = static_cast<int>(descriptors.size());
  std::vector<UniqueFd> aside;
  for (const auto& [name, fd] : descriptors) {
    aside.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, SD_LISTEN_FDS_START + count));
    if (!aside.back().is_open()) return fail(Error::from_errno(name));
  }
  for (int i = 0; i < count; ++i) {
    // Without O_CLOEXEC: dup2(2) leaves it out.
    if (::dup2(aside[static_cast<std::size_t>(i)].get(), SD_LISTEN_FDS_START + i) < 0) {
      return fail(Error::from_errno(descriptors[static_cast<std::size_t>(i)].name));
    }
  }
  return {};
}

}  // namespace

bool is_successor() {
  static const bool is = first_word() == std::to_string(::getpid());
  return is;
}

bool is_successor_check() {
  return kSuccessorCheck.substr(kSuccessorCheck.find('=') + 1) == first_word();
}

std::string own_program(std::string_view called) {
  std::error_code ignored;
  if (called.find('/') != std::string_view::npos) {
    const auto path = std::filesystem::absolute(called, ignored).lexically_normal();
    if (!ignored && std::filesystem::exists(path, ignored)) return path.string();
  }
  return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

Error execute_successor(const std::vector<std::string>& command,
                        std::span<const InheritedDescriptor> descriptors) {
  if (auto done = move_into_place(descriptors); !done) return std::move(done).error();
  std::string names;
  for (const auto& [name, fd] : descriptors) {
    if (!names.empty()) names += ':';
    names += name;
  }
  const std::string pid = std::to_string(::getpid());
  ::setenv("LISTEN_PID", pid.c_str(), 1);
  ::setenv("LISTEN_FDS", std::to_string(descriptors.size()).c_str(), 1);
  ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
  ::setenv(kSuccessor, pid.c_str(), 1);
  std::vector<char*> argv;
  for (const auto& part : command) argv.push_back(const_cast<char*>(part.c_str()));
  argv.push_back(nullptr);
  ::execv(command.front().c_str(), argv.data());
  return Error::from_errno(command.front());
}

}  // namespace chatd::sys
