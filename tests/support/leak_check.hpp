// SPDX-License-Identifier: GPL-3.0-or-later
// leak_check.hpp — a test fixture that fails if its test leaks a descriptor, a child or shared
// memory.
//
// Runs in:   test programs. Compares, before and after each test: the open descriptors in
//            /proc/self/fd, the children (zombies too), and the names in /dev/shm.
#pragma once

#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace chatd::test {

[[nodiscard]] inline std::set<std::string> names_in(const char* folder) {
  std::set<std::string> names;
  std::error_code unreadable;
  for (std::filesystem::directory_iterator at{folder, unreadable}, end; at != end;
       at.increment(unreadable)) {
    names.insert(at->path().filename().string());
  }
  return names;
}

// Each count includes the descriptor of the iterator, so differences are right.
[[nodiscard]] inline std::size_t open_descriptors() { return names_in("/proc/self/fd").size(); }

[[nodiscard]] inline bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

class LeakCheck : public ::testing::Test {
 protected:
  void SetUp() override {
    descriptors_ = open_descriptors();
    shared_ = names_in("/dev/shm");
  }
  void TearDown() override {
    EXPECT_EQ(open_descriptors(), descriptors_) << "descriptors left open";
    EXPECT_FALSE(has_children()) << "children left behind";
    // Other programs create files there too. This process could leak POSIX semaphores and shared
    // memory, and neither is expected.
    for (const auto& name : names_in("/dev/shm")) {
      if (!name.starts_with("sem.") && !name.starts_with("chatd")) continue;
      EXPECT_TRUE(shared_.contains(name)) << name << " left in /dev/shm";
    }
  }

 private:
  std::size_t descriptors_{0};
  std::set<std::string> shared_;
};

}  // namespace chatd::test
