// SPDX-License-Identifier: GPL-3.0-or-later
// client.hpp — asks a daemon one thing at a time.
//
// Runs in:   chatctl.
// Owns:      the connection of the last question.
// Invariant: nothing waits longer than the timeout.
// Errors:    a ControlError: the daemon's own, or not_running, denied, timeout, failed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <string>

#include "common/base/unique_fd.hpp"
#include "common/wire/control_message.hpp"

namespace chatd::ctl {

class Client {
 public:
  Client(std::string socket, std::chrono::milliseconds timeout)
      : socket_{std::move(socket)}, timeout_{timeout} {}

  // A new connection each time, so that a daemon may be restarted in between.
  [[nodiscard]] wire::ControlReply ask(const wire::ControlRequest& request);

  // After a `stop` or an `upgrade`: until the daemon has hung up and, unless it is 0, its
  // process `pid` has ended.
  [[nodiscard]] std::expected<void, wire::ControlError> wait_until_gone(pid_t pid);

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  [[nodiscard]] std::expected<void, wire::ControlError> connect();
  void send(std::string_view line, Deadline deadline) const;
  [[nodiscard]] wire::ControlReply receive(Deadline deadline) const;

  std::string socket_;
  std::chrono::milliseconds timeout_;
  UniqueFd fd_;
};

}  // namespace chatd::ctl
