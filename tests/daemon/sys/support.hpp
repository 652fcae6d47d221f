// SPDX-License-Identifier: GPL-3.0-or-later
// support.hpp — children, directories and variables that are undone after a test.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::sys::test {

using chatd::test::file_text;
using chatd::test::TempDir;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

// Everything up to the end of the stream.
inline std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = ::read(fd, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

// Exit status of a child, and what it and its children wrote to standard error.
struct ChildEnd {
  int status{-1};  // -1: by a signal
  std::string said;
};

inline ChildEnd run_in_child(const std::function<int()>& run) {
  Pipe pipe;
  std::fflush(nullptr);  // or the child might write what is buffered once more
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe.write_end.get(), STDERR_FILENO);
    pipe.write_end.reset();
    pipe.read_end.reset();
    ::_exit(run());
  }
  pipe.write_end.reset();
  ChildEnd end;
  end.said = read_all(pipe.read_end.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) end.status = WEXITSTATUS(status);
  return end;
}

inline bool true_in_child(const std::function<bool()>& run) {
  return run_in_child([&] { return run() ? 0 : 1; }).status == 0;
}

// Sets a variable, or unsets it, and puts back what was there.
class ScopedEnv {
 public:
  ScopedEnv(const char* name, const std::optional<std::string>& value) : name_{name} {
    if (const char* const before = ::getenv(name)) before_ = before;
    set(value);
  }
  ScopedEnv(const ScopedEnv&) = delete;
  ScopedEnv& operator=(const ScopedEnv&) = delete;
  ~ScopedEnv() { set(before_); }

 private:
  void set(const std::optional<std::string>& value) const {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace chatd::sys::test
