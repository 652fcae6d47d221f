// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "common/process/exit_status.hpp"

namespace chatd::process {
namespace {

void reset_signals() noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  // sigaction(2) fails for SIGKILL, SIGSTOP and the two that glibc uses itself: this is expected.
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

Result<> take_null_as_stdin() {
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0) return fail(Error::from_errno("open /dev/null"));
  if (null == STDIN_FILENO) {  // the parent had closed its standard input
    if (::fcntl(null, F_SETFD, 0) < 0) return fail(Error::from_errno("fcntl"));
    return {};
  }
  const bool taken = ::dup2(null, STDIN_FILENO) == STDIN_FILENO;
  const int reason = errno;
  ::close(null);
  if (!taken) return fail(Error::from_errno("dup2", reason));
  return {};
}

Result<> close_all_but(std::vector<int> kept) {
  std::ranges::sort(kept);
  unsigned first = STDERR_FILENO + 1;
  const auto close_up_to = [&first](unsigned last) {
    return first > last || ::close_range(first, last, 0) == 0;
  };
  for (const int fd : kept) {
    if (fd < static_cast<int>(first)) continue;  // a standard descriptor, or listed twice
    if (!close_up_to(static_cast<unsigned>(fd) - 1)) return fail(Error::from_errno("close_range"));
    first = static_cast<unsigned>(fd) + 1;
  }
  if (!close_up_to(std::numeric_limits<unsigned>::max())) {
    return fail(Error::from_errno("close_range"));
  }
  return {};
}

Result<> set_up(const ChildSetup& setup) {
  if (setup.die_with) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return fail(Error::from_errno("prctl"));
    // If the parent died before prctl(2), the signal is never sent.
    if (::getppid() != *setup.die_with) (void)::raise(SIGKILL);
  }
  if (auto done = take_null_as_stdin(); !done) return done;
  if (setup.keep_fds) {
    if (auto done = close_all_but(*setup.keep_fds); !done) return done;
  }
  ::prctl(PR_SET_NAME, setup.name.c_str());  // the kernel cuts it to 15 bytes
  reset_signals();
  return {};
}

int refuse(const std::string& name, std::string_view why) noexcept {
  fmt::print(stderr, "process {} (pid {}): {}\n", name, ::getpid(), why);
  return kUncaughtExceptionCode;
}

// noexcept: an exception must not unwind into the parent's frames.
int run_target(const ChildSetup& setup, const std::function<int()>& target) noexcept {
  try {
    if (auto done = set_up(setup); !done) return refuse(setup.name, done.error().message());
    return target();
  } catch (const std::exception& error) {
    return refuse(setup.name, fmt::format("uncaught exception: {}", error.what()));
  } catch (...) {
    return refuse(setup.name, "uncaught exception of an unknown type");
  }
}

}  // namespace

Result<pid_t> fork_child() {
  // Otherwise text in the parent's buffer would be written by both processes.
  std::fflush(nullptr);  // NOLINT(cert-err33-c): an unwritable stream is its user's to notice
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  const int reason = errno;
  if (pid != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fail(Error::from_errno("fork", reason));
  return pid;
}

void run_child(const ChildSetup& setup, const std::function<int()>& target) {
  const int code = run_target(setup, target);
  std::fflush(nullptr);  // NOLINT(cert-err33-c): an error cannot be reported any more
  ::_exit(code < 0 || code > 255 ? 255 : code);
}

}  // namespace chatd::process
