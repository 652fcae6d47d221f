// SPDX-License-Identifier: GPL-3.0-or-later
// chatctl.hpp — runs the real program and gathers what it says.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::ctl {

struct Outcome {
  int status{-1};
  std::string out;
  std::string err;
};

class Chatctl {
 public:
  Chatctl() {
    std::string pattern = ::testing::TempDir() + "chatctl-run-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  Chatctl(const Chatctl&) = delete;
  Chatctl& operator=(const Chatctl&) = delete;
  ~Chatctl() { std::filesystem::remove_all(directory_); }

  // "NAME=value"; nothing else is in the program's environment.
  std::vector<std::string> environment;
  std::string input;        // its standard input
  std::string output_file;  // its standard output, when it is not to be gathered
  uid_t uid{::geteuid()};   // whom to run it as; only root can choose

  Outcome run(std::vector<std::string> arguments) {
    std::ofstream{directory_ + "/in"} << input;
    const std::string out = output_file.empty() ? directory_ + "/out" : output_file;
    // Opened here: the user whom it runs as need not be able to reach the files.
    const UniqueFd program{::open(CHATCTL_PROGRAM, O_RDONLY)};
    const UniqueFd in{::open((directory_ + "/in").c_str(), O_RDONLY)};
    const UniqueFd stdout_fd{::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600)};
    const UniqueFd stderr_fd{
        ::open((directory_ + "/err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600)};
    arguments.insert(arguments.begin(), "chatctl");
    const auto argv = pointers_to(arguments);
    const auto envp = pointers_to(environment);

    const pid_t pid = ::fork();
    if (pid == 0) {
      ::dup2(in.get(), STDIN_FILENO);
      ::dup2(stdout_fd.get(), STDOUT_FILENO);
      ::dup2(stderr_fd.get(), STDERR_FILENO);
      if (uid != ::geteuid() && ::setuid(uid) != 0) ::_exit(126);
      ::fexecve(program.get(), argv.data(), envp.data());
      ::_exit(127);
    }
    int waited = 0;
    EXPECT_EQ(::waitpid(pid, &waited, 0), pid);
    return {.status = WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited),
            .out = output_file.empty() ? contents_of(out) : "",
            .err = contents_of(directory_ + "/err")};
  }

 private:
  static std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }
  static std::string contents_of(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  std::string directory_;
};

}  // namespace chatd::ctl
