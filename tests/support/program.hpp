// SPDX-License-Identifier: GPL-3.0-or-later
// program.hpp — runs a program and returns its exit status and its output.
//
// Runs in:   test programs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::test {

struct ProgramOptions {
  std::vector<std::pair<std::string, std::string>> environment{};  // variables to set; "" unsets
  std::string input{};                                             // standard input
  std::optional<uid_t> uid{};                 // run as this user, without supplementary groups
  std::chrono::milliseconds timeout{60'000};  // then the program is killed
};

struct Finished {
  int status{-1};  // -1: ended by a signal, or killed after the timeout
  std::string out{};
  std::string err{};
};

// Runs the program argv[0], a path, and waits for its end. Standard output and error are files, so
// a program that starts a daemon and ends does not block this call.
[[nodiscard]] Finished run_program(const std::vector<std::string>& argv,
                                   const ProgramOptions& options = {});

struct Streams {  // paths of files
  std::string in{"/dev/null"};
  std::string out{};
  std::string err{};
};

// Starts the program argv[0] in a new process group; the kernel kills it when the test program
// ends. `input` and `timeout` of the options are not used. Returns the pid.
[[nodiscard]] pid_t start_program(const std::vector<std::string>& argv,
                                  const ProgramOptions& options, const Streams& streams);

// Waits for the end: the exit status, -1 after a signal; nullopt if it still runs after `timeout`.
[[nodiscard]] std::optional<int> wait_for_program(pid_t pid, std::chrono::milliseconds timeout);

}  // namespace chatd::test
