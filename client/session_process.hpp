// SPDX-License-Identifier: GPL-3.0-or-later
// session_process.hpp — the terminal process's hold on the session process.
//
// Runs in:   uchat's terminal process. Start it before anything else is open: the child
//            inherits what there is.
// Owns:      the child and one end of the pipe.
// Invariant: the child does not outlive this object: it is asked to go, and after a while
//            killed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/message.hpp"
#include "common/base/result.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"

namespace chatd::client {

class SessionProcess {
 public:
  // What the child does with its end of the pipe; its exit status.
  using Work = std::function<int(process::PipeEnd)>;

  [[nodiscard]] static Result<SessionProcess> start(Work work);
  SessionProcess(SessionProcess&&) noexcept = default;
  SessionProcess& operator=(SessionProcess&&) = delete;
  SessionProcess(const SessionProcess&) = delete;
  SessionProcess& operator=(const SessionProcess&) = delete;
  ~SessionProcess();

  void send(const Order& order);
  // nullopt: nothing now. has_ended() tells whether there will be more.
  [[nodiscard]] std::optional<Report> receive();
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  // After has_ended(): "exit status 1", "signal 11".
  [[nodiscard]] std::string how_it_ended();

  [[nodiscard]] int fd() const noexcept { return link_->fd(); }  // readable: receive()
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
