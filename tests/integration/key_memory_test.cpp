// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that the processes share, as the kernel shows it to others.
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/room.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

// As /proc/PID/fd/N.
Lines memory_files_of(pid_t pid) {
  Lines found;
  for (const auto& entry : std::filesystem::directory_iterator{proc(pid, "fd")}) {
    std::error_code closed;
    const auto target = std::filesystem::read_symlink(entry.path(), closed);
    if (target.string().starts_with("/memfd:")) found.push_back(entry.path());
  }
  return found;
}

TEST(KeyMemory, IsLeftOutOfTheCoreDumpsOfAllWhoSeeIt) {
  DaemonUnderTest daemon;
  NativeClient alice{daemon.endpoint(), {.name = "alice"}};
  alice.enter();
  const auto seeing = victims(daemon);
  EXPECT_GE(seeing.size(), 2U) << "the gateway and a worker";
  for (const auto& victim : seeing) {
    SCOPED_TRACE(victim.role);
    const Lines mappings = flags_of(victim.pid, "/memfd:chatd-keys");
    EXPECT_THAT(mappings, Not(IsEmpty()));
    for (const auto& flags : mappings) EXPECT_THAT(flags, HasSubstr(" dd "));
  }
  EXPECT_THAT(flags_of(daemon.pid(), "/memfd:chatd-keys"), IsEmpty()) << "it has no use for it";
}

TEST(KeyMemory, AndTheRestOfTheMemoryFilesCanBeOpenedByNoOtherUser) {
  namespace fs = std::filesystem;
  DaemonUnderTest daemon;
  // What has no name can only be reached by way of this folder.
  const fs::perms allowed = fs::status(proc(daemon.pid(), "fd")).permissions();
  EXPECT_EQ(allowed & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
  // And root, who alone can be somebody else, tries it.
  if (::geteuid() != 0) return;
  ProgramOptions stranger{.environment = {{"LC_ALL", "C"}}};
  stranger.uid = 65534;  // nobody
  const Lines files = memory_files_of(daemon.pid());
  EXPECT_THAT(files, Not(IsEmpty()));
  for (const auto& file : files) {
    const std::vector<std::string> look{"/usr/bin/head", "--bytes=1", file};
    EXPECT_EQ(run_program(look).status, 0) << file;
    const Finished refused = run_program(look, stranger);
    EXPECT_EQ(refused.status, 1) << file;
    EXPECT_THAT(refused.err, HasSubstr("Permission denied"));
  }
}

}  // namespace
}  // namespace chatd::test
