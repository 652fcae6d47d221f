// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "tests/support/eventually.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

namespace {

void replace(int fd, const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0 || ::dup2(file, fd) < 0) ::_exit(126);
}

[[noreturn]] void become(const std::vector<std::string>& argv, const ProgramOptions& options,
                         const Streams& streams) {
  (void)::setpgid(0, 0);
  replace(STDIN_FILENO, streams.in, O_RDONLY);
  replace(STDOUT_FILENO, streams.out, O_WRONLY | O_CREAT | O_APPEND);
  replace(STDERR_FILENO, streams.err, O_WRONLY | O_CREAT | O_APPEND);
  for (const auto& [name, value] : options.environment) {
    value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  // Opened before the change of the user: that user may have no access to the source tree.
  const int program = ::open(argv[0].c_str(), O_PATH | O_CLOEXEC);
  if (options.uid) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(*options.uid) != 0 ||
        ::setuid(*options.uid) != 0) {
      ::_exit(126);
    }
  }
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::fexecve(program, arguments.data(), environ);
  ::_exit(127);
}

}  // namespace

pid_t start_program(const std::vector<std::string>& argv, const ProgramOptions& options,
                    const Streams& streams) {
  const pid_t child = ::fork();
  if (child == 0) become(argv, options, streams);
  (void)::setpgid(child, child);  // both processes set it: one of them is first
  return child;
}

std::optional<int> wait_for_program(pid_t pid, std::chrono::milliseconds timeout) {
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid, &status, WNOHANG) != 0; }, timeout)) {
    return std::nullopt;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Finished run_program(const std::vector<std::string>& argv, const ProgramOptions& options) {
  const TempDir directory;
  const Streams streams{.in = directory / "in", .out = directory / "out", .err = directory / "err"};
  write_file(streams.in, options.input);
  const pid_t pid = start_program(argv, options, streams);
  auto status = wait_for_program(pid, options.timeout);
  if (!status) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ADD_FAILURE() << argv[0] << " did not end";
  }
  return {
      .status = status.value_or(-1), .out = file_text(streams.out), .err = file_text(streams.err)};
}

}  // namespace chatd::test
