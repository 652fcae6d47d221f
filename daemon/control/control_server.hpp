// SPDX-License-Identifier: GPL-3.0-or-later
// control_server.hpp — answers chatctl, and programs such as `nc -U`, on the control socket.
//
// Runs in:   gateway.
// Owns:      its connections.     Borrows: the listening descriptor, the loop, the Handlers;
//            all three must outlive it.
// Invariant: no caller costs more than one line of input and one reply of output; a
//            connection on which nothing moves for `timeout` is closed. Neither one user nor
//            all of the control group together can keep root and the daemon's own user out.
// Errors:    a broken connection is closed; only create() can fail.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include "common/base/result.hpp"
#include "common/io/event_loop.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::control {

class Connection;

struct ControlLimits {
  std::size_t connections{64};  // of all users together
  std::size_t kept{4};          // of these, reserved for root and the daemon's own user
  std::size_t of_one_user{16};  // except root and the daemon's own user
  std::chrono::milliseconds timeout{30'000};  // for a line to come in, a reply to go out
};

class ControlServer {
 public:
  static Result<std::unique_ptr<ControlServer>> create(int listener, io::EventLoop& loop,
                                                       const Handlers& handlers,
                                                       ControlLimits limits = {});
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ControlServer(ControlServer&&) = delete;
  ControlServer& operator=(ControlServer&&) = delete;
  ~ControlServer();

  // Takes no further connection and no further request; writes out the replies that are
  // due, closes everything, then calls `done`, once, from the loop: when all is written,
  // or after `deadline` whatever is not.
  void drain(std::chrono::milliseconds deadline, std::function<void()> done);

  [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

  // The reason why a further connection of this user is refused now; empty if it is not.
  [[nodiscard]] std::string_view why_full_for(uid_t user) const;

 private:
  ControlServer(int listener, io::EventLoop& loop, const Handlers& handlers, ControlLimits limits);
  [[nodiscard]] Result<> listen();
  void on_connection();
  void pause();
  void forget(Connection& connection);
  void end_drain_in(std::chrono::milliseconds delay);

  int listener_;
  io::EventLoop& loop_;
  const Handlers& handlers_;
  ControlLimits limits_;
  std::list<std::shared_ptr<Connection>> connections_;
  std::function<void()> drained_;
  io::EventLoop::Watch accept_watch_;
  io::EventLoop::Watch drain_watch_;
};

}  // namespace chatd::control
