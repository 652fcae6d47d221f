// SPDX-License-Identifier: GPL-3.0-or-later
// in_child.hpp — runs a function in a child process, and returns its exit status and its output.
//
// Runs in:   test programs.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

// The result of a child process.
struct Ran {
  int status{-1};  // exit status; -1: ended by a signal
  std::string out{};
  std::string err{};
};

// Runs `work` in a child process. Its standard input is a file with the content `input`.
// `meanwhile` runs in the calling process, with the pid of the child.
[[nodiscard]] inline Ran in_child(const std::function<int()>& work, std::string_view input = {},
                                  const std::function<void(pid_t)>& meanwhile = {}) {
  const TempDir directory;
  write_file(directory / "in", input);
  std::fflush(nullptr);  // otherwise the child prints the buffered output of this process, too
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto take = [](const std::string& path, int flags, int as) {
      const int fd = ::open(path.c_str(), flags, 0600);
      ::dup2(fd, as);
      ::close(fd);
    };
    take(directory / "in", O_RDONLY, STDIN_FILENO);
    take(directory / "out", O_WRONLY | O_CREAT, STDOUT_FILENO);
    take(directory / "err", O_WRONLY | O_CREAT, STDERR_FILENO);
    const int status = work();
    std::fflush(nullptr);
    std::_Exit(status);
  }
  if (meanwhile) meanwhile(pid);
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid, &status, WNOHANG) == pid; })) {
    ADD_FAILURE() << "it does not end";
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = file_text(directory / "out"),
          .err = file_text(directory / "err")};
}

}  // namespace chatd::test
