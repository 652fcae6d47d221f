// SPDX-License-Identifier: GPL-3.0-or-later
// client.hpp — sends requests to a daemon and waits for the replies, one at a time.
//
// Runs in:   chatctl.
// Owns:      the connection of the last request.
// Invariant: no call waits longer than the timeout.
// Errors:    a ControlError: the daemon's own, or not_running, denied, timeout, failed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <functional>
#include <string>

#include "common/base/unique_fd.hpp"
#include "common/wire/control/control_message.hpp"

namespace chatd::ctl {

class Client {
 public:
  Client(std::string socket, std::chrono::milliseconds timeout)
      : socket_{std::move(socket)}, timeout_{timeout} {}

  // Each request has a new connection, so that the daemon may be restarted in between. A request
  // whose verb changes nothing is sent again, at most twice, when the connection is closed without
  // an answer: by a gateway that is replaced, or by a daemon that ends, which gives not_running.
  [[nodiscard]] wire::ControlReply ask(const wire::ControlRequest& request);

  // As ask(), for a reply behind which more bytes follow. A blank line in front of the reply says
  // that the daemon is still working, and begins the timeout anew; on_wait() is called for it.
  struct Begun {
    std::string report;
    std::string bytes;  // of what follows
  };
  [[nodiscard]] std::expected<Begun, wire::ControlError> begin(
      const wire::ControlRequest& request, const std::function<void()>& on_wait = [] {});
  // More of what follows; empty: the daemon has closed the connection.
  [[nodiscard]] std::expected<std::string, wire::ControlError> more();

  // After a `stop` or an `upgrade`: waits until the daemon has closed the connection and,
  // unless `pid` is 0, process `pid` has ended.
  [[nodiscard]] std::expected<void, wire::ControlError> wait_until_gone(pid_t pid);

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  [[nodiscard]] std::expected<void, wire::ControlError> connect();
  void send(std::string_view line, Deadline deadline) const;
  // One line with its newline. Empty: the connection was closed before its first byte.
  [[nodiscard]] std::expected<std::string, wire::ControlError> receive(Deadline deadline) const;

  std::string socket_;
  std::chrono::milliseconds timeout_;
  UniqueFd fd_;
};

}  // namespace chatd::ctl
