// SPDX-License-Identifier: GPL-3.0-or-later
// session_process.hpp — starts and ends the session process, and sends orders to it.
//
// Runs in:   uchat's terminal process. Call start() before other descriptors are opened: the child
//            inherits the open ones.
// Owns:      the child and one end of the pipe.
// Invariant: the child does not outlive this object. The destructor closes the pipe, which ends the
//            child; a child that does not end within a second is killed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/session/message.hpp"
#include "common/base/result.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"

namespace chatd::client {

class SessionProcess {
 public:
  // Runs in the child with its end of the pipe, and returns the exit status.
  using Work = std::function<int(process::PipeEnd)>;

  [[nodiscard]] static Result<SessionProcess> start(Work work);
  SessionProcess(SessionProcess&&) noexcept = default;
  SessionProcess& operator=(SessionProcess&&) = delete;
  SessionProcess(const SessionProcess&) = delete;
  SessionProcess& operator=(const SessionProcess&) = delete;
  ~SessionProcess();

  void send(const Order& order);
  // Sends each order, and wipes the passwords in them.
  void send_all(std::vector<Order> orders);
  // The next report. nullopt: there is none now; after has_ended() there will be no more.
  [[nodiscard]] std::optional<Report> receive();
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  // After has_ended(): "exit status 1", "signal 11"; "?" if it is not known.
  [[nodiscard]] std::string how_it_ended();

  [[nodiscard]] int fd() const noexcept { return link_->fd(); }  // when readable, call receive()
  [[nodiscard]] pid_t pid() const noexcept { return process_->pid(); }

 private:
  SessionProcess(std::unique_ptr<process::Process> process,
                 std::unique_ptr<process::PipeEnd> link) noexcept
      : process_{std::move(process)}, link_{std::move(link)} {}

  std::unique_ptr<process::Process> process_;
  std::unique_ptr<process::PipeEnd> link_;
  bool ended_{false};
};

}  // namespace chatd::client
