// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/standard_descriptors.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace chatd {
namespace {

// Calls `is_so` in a process that has closed these descriptors and then called
// open_standard_descriptors().
bool is_so_without(const std::vector<int>& closed, const std::function<bool()>& is_so) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int fd : closed) ::close(fd);
    open_standard_descriptors();
    std::_Exit(is_so() ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status == 0;
}

TEST(StandardDescriptors, AreOpenBeforeAnyOtherDescriptor) {
  for (const auto& closed : std::vector<std::vector<int>>{{0}, {1}, {2}, {0, 2}, {0, 1, 2}, {}}) {
    EXPECT_TRUE(is_so_without(closed, [] { return ::open("/dev/null", O_RDONLY) > STDERR_FILENO; }))
        << closed.size();
  }
}

TEST(StandardDescriptors, MissingOnesCannotBeUsedByAccident) {
  char byte = 'x';
  EXPECT_TRUE(is_so_without({STDIN_FILENO},
                            [&] { return ::read(STDIN_FILENO, &byte, 1) < 0 && errno == EBADF; }));
  EXPECT_TRUE(is_so_without({STDOUT_FILENO}, [&] {
    return ::write(STDOUT_FILENO, &byte, 1) < 0 && errno == EBADF &&
           !is_open_for_writing(STDOUT_FILENO);
  }));
  EXPECT_TRUE(
      is_so_without({STDERR_FILENO}, [&] { return ::write(STDERR_FILENO, &byte, 1) == 1; }));
}

TEST(StandardDescriptors, ExistingOnesAreKept) {
  EXPECT_TRUE(is_so_without({}, [] { return is_open_for_writing(STDOUT_FILENO); }));
  EXPECT_FALSE(is_open_for_writing(-1));
}

}  // namespace
}  // namespace chatd
