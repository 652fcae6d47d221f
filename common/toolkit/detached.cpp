// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/detached.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "common/base/unique_fd.hpp"
#include "common/process/child.hpp"
#include "common/process/wait.hpp"

namespace chatd::process {
namespace {

// The report of the child before it ends: the grandchild's pid, or -errno.
using Report = std::int32_t;

struct Channel {
  UniqueFd read_end;
  UniqueFd write_end;
};

Result<Channel> open_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return fail(Error::from_errno("pipe"));
  return Channel{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

ssize_t read_retrying(int fd, void* into, std::size_t size) noexcept {
  for (;;) {
    const ssize_t got = ::read(fd, into, size);
    if (got >= 0 || errno != EINTR) return got;
  }
}

// Runs in the child between. Every signal is blocked in it, so that no signal ends it before it has
// reported.
[[noreturn]] void run_child_between(const Channel& report, const std::function<int()>& target,
                                    const DetachedOptions& options) {
  ::setsid();
  // The grandchild waits for end of file here, which means that the child is dead and the
  // grandchild is an orphan.
  auto alive = open_pipe();
  const pid_t grandchild = alive ? ::fork() : -1;
  if (grandchild == 0) {
    alive->write_end.reset();
    char byte = 0;
    static_cast<void>(read_retrying(alive->read_end.get(), &byte, 1));
    ::close(alive->read_end.release());
    ::close(report.read_end.get());
    ::close(report.write_end.get());
    run_child({.name = options.name, .die_with = std::nullopt, .keep_fds = options.keep_fds},
              target);
  }
  const Report said = grandchild > 0 ? grandchild : -errno;
  const bool is_written = ::write(report.write_end.get(), &said, sizeof said) == sizeof said;
  ::_exit(is_written ? 0 : 1);
}

}  // namespace

Result<pid_t> start_detached(const std::function<int()>& target, const DetachedOptions& options) {
  auto report = open_pipe();
  if (!report) return fail(std::move(report).error().within("start " + options.name));
  auto child = fork_child();
  if (!child) return fail(std::move(child).error().within("start " + options.name));
  if (*child == 0) run_child_between(*report, target, options);
  report->write_end.reset();
  Report said = 0;
  const ssize_t got = read_retrying(report->read_end.get(), &said, sizeof said);
  // Collects the zombie. An error means that a reaper of this process was faster.
  static_cast<void>(wait_for_child(*child));
  if (got != sizeof said) {
    return fail("start " + options.name + ": the child between died before it had forked");
  }
  if (said < 0) return fail(Error::from_errno("start " + options.name + ": fork", -said));
  return said;
}

}  // namespace chatd::process
