// SPDX-License-Identifier: GPL-3.0-or-later
// link_state.hpp — the state of the connection as the prompt shows it, and how long an interruption
// lasts.
//
// Runs in:   uchat's terminal process. Pure: the caller passes the time.
#pragma once

#include <chrono>
#include <optional>

#include "client/terminal/prompt.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

class LinkState {
 public:
  using Link = PromptState::Link;

  void connect() { link_ = Link::connecting; }
  void on_reconnecting(MonoTime now);
  void on_server_stopped() { said_goodbye_ = link_ != Link::reconnecting; }
  // Connected. Returns how long the interruption lasted; nullopt: there was none.
  std::optional<std::chrono::seconds> on_connected(MonoTime now);

  [[nodiscard]] Link link() const noexcept { return link_; }
  [[nodiscard]] bool is_interrupted() const noexcept { return link_ == Link::reconnecting; }
  // Of an interruption; 0: there is none.
  [[nodiscard]] std::chrono::seconds silent_for(MonoTime now) const;

 private:
  Link link_{Link::connecting};
  MonoTime silent_since_{};
  bool said_goodbye_{false};  // the server has stopped; Reconnecting follows
};

}  // namespace chatd::client
