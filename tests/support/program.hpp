// SPDX-License-Identifier: GPL-3.0-or-later
// program.hpp — runs a program as its user does, and keeps what it said.
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
  std::vector<std::pair<std::string, std::string>> environment{};  // set; "" unsets
  std::string input{};
  std::optional<uid_t> uid{};                  // run as this one, without any group
  std::chrono::milliseconds patience{60'000};  // then it is killed
};

struct Finished {
  int status{-1};  // -1: by a signal
  std::string out{};
  std::string err{};
};

// argv[0] is the path. Standard output and error are files, so a program that leaves a
// daemon behind does not keep this waiting.
[[nodiscard]] Finished run_program(const std::vector<std::string>& argv,
                                   const ProgramOptions& options = {});

struct Streams {  // files
  std::string in{"/dev/null"};
  std::string out{};
  std::string err{};
};

// The new process: in a process group of its own, ended with the test program. What
// `options` say of input and patience is nothing to it. Returns its pid.
[[nodiscard]] pid_t start_program(const std::vector<std::string>& argv,
                                  const ProgramOptions& options, const Streams& streams);

// Its exit status, -1 after a signal; nullopt if it goes on.
[[nodiscard]] std::optional<int> wait_for_program(pid_t pid, std::chrono::milliseconds patience);

}  // namespace chatd::test
