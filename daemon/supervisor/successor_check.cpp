// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/successor_check.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spawn.h>

#include "daemon/sys/succession.hpp"

namespace chatd::supervisor {

namespace {

constexpr std::chrono::seconds kTimeLimit{10};

// The file actions for posix_spawn(3), destroyed in every case.
struct Actions {
  Actions() { ::posix_spawn_file_actions_init(&actions); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions); }
  posix_spawn_file_actions_t actions{};
};

// Without $NOTIFY_SOCKET, since the process is not the service, and with the question.
std::vector<char*> environment(std::string& question) {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view{*variable}.starts_with("NOTIFY_SOCKET=")) kept.push_back(*variable);
  }
  kept.push_back(question.data());
  kept.push_back(nullptr);
  return kept;
}

std::string beginning_of(int fd) {
  std::array<char, 400> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  std::string_view said{text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  while (said.ends_with('\n')) said.remove_suffix(1);
  return std::string{said};
}

}  // namespace

Result<SuccessorCheck> SuccessorCheck::start(const std::vector<std::string>& command,
                                             MonoTime now) {
  UniqueFd output{::memfd_create("chatd-check", MFD_CLOEXEC)};
  if (!output.is_open()) return fail(Error::from_errno("memfd_create"));
  Actions files;
  ::posix_spawn_file_actions_addopen(&files.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files.actions, output.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files.actions, output.get(), STDERR_FILENO);
  std::vector<char*> argv;
  for (const auto& part : command) argv.push_back(const_cast<char*>(part.c_str()));
  argv.push_back(nullptr);
  pid_t pid = 0;
  std::string question{sys::kSuccessorCheck};
  auto variables = environment(question);
  const int failed = ::posix_spawn(&pid, command.front().c_str(), &files.actions, nullptr,
                                   argv.data(), variables.data());
  if (failed != 0) return fail(Error::from_errno(command.front(), failed));
  return SuccessorCheck{pid, std::move(output), now};
}

SuccessorCheck::SuccessorCheck(SuccessorCheck&& other) noexcept
    : pid_{std::exchange(other.pid_, 0)},
      output_{std::move(other.output_)},
      started_{other.started_} {}

SuccessorCheck& SuccessorCheck::operator=(SuccessorCheck&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(output_, other.output_);
  std::swap(started_, other.started_);
  return *this;
}

SuccessorCheck::~SuccessorCheck() {
  if (pid_ == 0) return;
  kill();
  ::waitpid(pid_, nullptr, 0);
}

bool SuccessorCheck::is_late(MonoTime now) const noexcept { return now - started_ > kTimeLimit; }

void SuccessorCheck::kill() const noexcept {
  if (pid_ != 0) ::kill(pid_, SIGKILL);
}

Result<> SuccessorCheck::verdict(process::ExitStatus status) {
  pid_ = 0;
  if (status.succeeded()) return {};
  const std::string said = beginning_of(output_.get());
  return fail(fmt::format("the new program {}{}{}", process::to_text(status),
                          said.empty() ? "" : ": ", said));
}

}  // namespace chatd::supervisor
