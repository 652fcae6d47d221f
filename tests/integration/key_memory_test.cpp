// SPDX-License-Identifier: GPL-3.0-or-later
// key_memory_test.cpp — the shared memory of the processes, as the kernel shows it to others.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string proc(pid_t pid, std::string_view what) {
  return "/proc/" + std::to_string(pid) + "/" + std::string{what};
}

// The VmFlags of each mapping of the file with that name (proc(5)).
Lines flags_of(pid_t pid, std::string_view file) {
  static constexpr std::string_view kFlags = "VmFlags:";
  Lines found;
  bool is_it = false;
  std::istringstream in{file_text(proc(pid, "smaps"))};
  for (std::string line; std::getline(in, line);) {
    // "7f0c-7f0d rw-s 00000000 00:01 1033 /memfd:name (deleted)"; the rest is "Name:  value".
    if (line.find('-') < line.find(' ')) is_it = line.find(file) != std::string::npos;
    if (is_it && line.starts_with(kFlags)) found.push_back(line.substr(kFlags.size()) + " ");
  }
  return found;
}

// The shared, writable mappings of the process, each as the name of its file.
Lines shared_files_of(pid_t pid) {
  Lines found;
  std::istringstream in{file_text(proc(pid, "maps"))};
  for (std::string line; std::getline(in, line);) {
    // "7f0c-7f0d rw-s 00000000 00:01 1033    /memfd:name (deleted)"
    std::istringstream fields{line};
    std::string range;
    std::string access;
    std::string offset;
    std::string device;
    std::string inode;
    std::string file;
    fields >> range >> access >> offset >> device >> inode >> std::ws;
    std::getline(fields, file);
    if (access == "rw-s") found.push_back(file);
  }
  return found;
}

std::vector<pid_t> processes_of(const DaemonUnderTest& daemon) {
  std::vector<pid_t> pids{daemon.pid()};
  for (const auto& victim : victims(daemon)) pids.push_back(victim.pid);
  return pids;
}

// The memory files that the process has open, each as /proc/PID/fd/N.
Lines memory_files_of(pid_t pid) {
  Lines found;
  for (const auto& entry : std::filesystem::directory_iterator{proc(pid, "fd")}) {
    std::error_code closed;
    const auto target = std::filesystem::read_symlink(entry.path(), closed);
    if (target.string().starts_with("/memfd:")) found.push_back(entry.path());
  }
  return found;
}

TEST(KeyMemory, IsLeftOutOfCoreDumps) {
  DaemonUnderTest daemon;
  NativeClient alice{daemon.endpoint(), {.name = "alice"}};
  alice.enter();
  const auto seeing = victims(daemon);
  EXPECT_GE(seeing.size(), 2U) << "the gateway and a worker";
  for (const auto& victim : seeing) {
    SCOPED_TRACE(victim.role);
    const Lines mappings = flags_of(victim.pid, "/memfd:chatd-keys");
    EXPECT_EQ(mappings.empty(), victim.role == "archive") << "which has no use for the keys";
    for (const auto& flags : mappings) EXPECT_THAT(flags, HasSubstr(" dd "));
  }
  EXPECT_THAT(flags_of(daemon.pid(), "/memfd:chatd-keys"), IsEmpty()) << "it has no use for it";
}

// Another process cannot find the memory by a name in /dev/shm or elsewhere, and cannot truncate it
// while it is in use.
TEST(KeyMemory, AllSharedMemoryHasNoNameAndASealedSize) {
  DaemonUnderTest daemon;
  for (const pid_t pid : processes_of(daemon)) {
    SCOPED_TRACE(command_line_of(pid));
    const Lines shared = shared_files_of(pid);
    EXPECT_THAT(shared, Contains(StartsWith("/memfd:chatd-state ")));
    // /dev/zero: memory of no file (mmap(2), MAP_ANONYMOUS).
    EXPECT_THAT(shared, Each(AnyOf(StartsWith("/memfd:chatd-"), "/dev/zero (deleted)")));
    const Lines files = memory_files_of(pid);
    EXPECT_THAT(files, Not(IsEmpty()));
    for (const auto& file : files) {
      const UniqueFd opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
      EXPECT_EQ(::fcntl(opened.get(), F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    }
  }
}

// Memory without a name can only be reached through a descriptor of its processes. Only root can
// change to another user to try that.
TEST(KeyMemory, NoMemoryFileCanBeOpenedByAnotherUser) {
  DaemonUnderTest daemon;
  if (::geteuid() != 0) return;
  ProgramOptions other_user{.environment = {{"LC_ALL", "C"}}};
  other_user.uid = 65534;  // nobody
  for (const pid_t pid : processes_of(daemon)) {
    const Lines files = memory_files_of(pid);
    EXPECT_THAT(files, Not(IsEmpty()));
    for (const auto& file : files) {
      const std::vector<std::string> look{"/usr/bin/head", "--bytes=1", file};
      EXPECT_EQ(run_program(look).status, 0) << file;
      const Finished refused = run_program(look, other_user);
      EXPECT_EQ(refused.status, 1) << file;
      EXPECT_THAT(refused.err, HasSubstr("Permission denied"));
    }
  }
}

}  // namespace
}  // namespace chatd::test
