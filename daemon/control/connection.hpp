// SPDX-License-Identifier: GPL-3.0-or-later
// connection.hpp — the connection of one caller: reads lines, writes one reply for each, in order.
//
// Runs in:   gateway.
// Owns:      its descriptor.      Borrows: the loop and the Handlers.
// Invariant: no line is taken while a reply is due, so that input and output are both
//            bounded. Held by a shared_ptr that the ControlServer alone keeps; when that
//            releases it, its request and its reply are dropped with it.
// Errors:    end the connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/io/event_loop.hpp"
#include "common/wire/control/control_message.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::control {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  struct Context {
    io::EventLoop* loop;
    const Handlers* handlers;
    std::chrono::milliseconds timeout;
    std::function<void(Connection&)> on_closed;  // may destroy the Connection
  };

  Connection(UniqueFd fd, Caller caller, Context context);

  [[nodiscard]] Result<> start();
  // Takes no further request; closes when the reply that is due, if any, is written.
  void finish();

  [[nodiscard]] const Caller& caller() const noexcept { return caller_; }

 private:
  void on_readable();
  void on_timeout();
  void advance();
  [[nodiscard]] std::optional<std::string> take_line();
  void answer(const std::string& line);
  void deliver(const wire::ControlReply& reply);
  void flush();
  void await_writable(int send_error);
  void await_line();
  void close();
  void restart_timeout();
  // Closes the connection when a watch cannot be made, for lack of memory: the caller would hang.
  void keep(io::EventLoop::Watch& where, Result<io::EventLoop::Watch> watch);

  UniqueFd fd_;
  Caller caller_;
  Context context_;
  std::string input_;
  std::string output_;
  std::size_t sent_{0};
  bool waiting_{false};    // the handler has not answered yet
  bool finishing_{false};  // close as soon as nothing is due
  bool at_eof_{false};
  bool asked_{false};  // at least one request was read
  io::EventLoop::Watch readable_;
  io::EventLoop::Watch writable_;
  io::EventLoop::Watch timeout_watch_;
  io::EventLoop::Watch next_;
};

}  // namespace chatd::control
