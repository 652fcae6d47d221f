// SPDX-License-Identifier: GPL-3.0-or-later
// small_disk.hpp — a disk of 4 MiB on a directory, for a child process of a test.
//
// Runs in:   test programs.
#pragma once

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <sched.h>

namespace chatd::test {

// Runs `work` in a child process that has a tmpfs on the directory. False: no mount namespace is
// permitted, and `work` was not run.
[[nodiscard]] inline bool on_small_disk(const std::string& path,
                                        const std::function<void()>& work) {
  constexpr int kNotPermitted = 77;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_mounted = ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
                            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                            ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=4m") == 0;
    if (!is_mounted) ::_exit(kNotPermitted);
    work();
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNotPermitted) return false;
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return true;
}

// In the child.
inline bool remount(const std::string& path, unsigned long flags) {
  return ::mount(nullptr, path.c_str(), nullptr, MS_REMOUNT | flags, nullptr) == 0;
}

// Writes a file until the disk is full.
inline void fill_disk(const std::string& file) {
  std::ofstream other{file, std::ios::binary};
  other << std::string(std::size_t{8} << 20U, 'x');
}

}  // namespace chatd::test
