// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/wait.hpp"

#include <sys/wait.h>

namespace chatd::process {
namespace {

constexpr pid_t kAnyChild = -1;

Result<std::optional<Death>> wait_once(pid_t pid, int options) {
  for (;;) {
    int wait_status = 0;
    const pid_t ended = ::waitpid(pid, &wait_status, options);
    if (ended > 0) return Death{ended, ExitStatus::from_wait_status(wait_status)};
    if (ended == 0) return std::nullopt;
    if (errno != EINTR) return fail(Error::from_errno("waitpid"));
  }
}

Result<Death> wait_blocking(pid_t pid) {
  auto death = wait_once(pid, 0);
  if (!death) return fail(std::move(death).error());
  return death->value();  // without WNOHANG there is always one
}

}  // namespace

Result<Death> wait_for_any_child() { return wait_blocking(kAnyChild); }
Result<Death> wait_for_child(pid_t pid) { return wait_blocking(pid); }
Result<std::optional<Death>> poll_child(pid_t pid) { return wait_once(pid, WNOHANG); }
Result<std::optional<Death>> poll_any_child() { return wait_once(kAnyChild, WNOHANG); }

}  // namespace chatd::process
