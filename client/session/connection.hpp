// SPDX-License-Identifier: GPL-3.0-or-later
// connection.hpp — connects a Member with a socket: tries the server's addresses, moves datagrams,
// and calls the Member when its deadline has come.
//
// Runs in:   uchat's session process.
// Owns:      the Member, the socket, its timer.    Borrows: the loop.
// Invariant: the socket is not connected, so that each datagram takes the current route: the
//            user's address may change during a session.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/member/member.hpp"
#include "client/words/outcome.hpp"
#include "common/base/address.hpp"
#include "common/base/unique_fd.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/io/event_loop.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class Connection {
 public:
  struct Options {
    std::vector<Endpoint> servers;  // tried in order, each until it refuses or its time limit ends
    Member::Options member;
    wire::Language language{wire::Language::en};
  };
  struct Handlers {
    std::function<void(Event)> event;  // all but Ended
    // Once; nothing comes after it. Must not destroy the Connection.
    std::function<void(Outcome, std::string detail)> ended;
  };

  Connection(io::EventLoop& loop, Options options, Handlers handlers);

  void start();
  // For commands; pump() after them.
  [[nodiscard]] Member& member() noexcept { return *member_; }
  void pump();  // sends datagrams, delivers events, sets the timer

 private:
  void attempt();
  void next_attempt(Outcome outcome, std::string detail);
  void finish(Outcome outcome, std::string detail);
  [[nodiscard]] Result<> open_socket();
  void on_readable();
  void on_time();
  void send_all(MonoTime now);
  void take_events();
  void on_member_ended(const Ended& ended);
  void notice_suspension(MonoTime now);
  void set_timer(MonoTime now);
  [[nodiscard]] const Endpoint& server() const { return options_.servers[attempt_]; }
  [[nodiscard]] bool is_last() const { return attempt_ + 1 == options_.servers.size(); }

  io::EventLoop& loop_;
  Options options_;
  Handlers handlers_;
  std::size_t attempt_{0};
  bool joined_{false};
  bool over_{false};
  std::chrono::milliseconds timeout_{};
  std::optional<Member> member_;
  UniqueFd socket_;
  io::DatagramReader reader_;
  std::vector<std::byte> datagram_;
  std::chrono::nanoseconds slept_{};  // time that this machine was suspended since its start
  io::EventLoop::Watch readable_;
  io::EventLoop::Watch timer_;
};

}  // namespace chatd::client
