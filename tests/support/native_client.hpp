// SPDX-License-Identifier: GPL-3.0-or-later
// native_client.hpp — a native member on a real socket: client::Member, moved by hand.
//
// Runs in:   test programs.
// Owns:      the socket and the Member. Loss can be put on what it receives.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class NativeClient {
 public:
  struct Options {
    std::string name{};
    std::optional<crypto::KeyPair> identity{};  // a fresh one without
    bool wants_replay{true};
  };
  NativeClient(const Endpoint& server, Options options);

  // Moves everything that is there, and what time asks for; waits at most `patience` for the
  // first datagram.
  void pump(std::chrono::milliseconds patience);
  // Until it holds. Throws after a generous while.
  void pump_until(const std::function<bool()>& holds);

  // Enters and waits until it is in.
  void enter();
  // Waits for the next event of that kind; the others are kept in events().
  client::Event await(client::Event::Kind kind);
  // Room lines so far as "name: text", "+name", "-name", "* name text", "[admin] text".
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  void await_line(std::string_view line);
  // Says it and waits until the server has it.
  void say(std::string_view text);

  // Another socket: another address, as after a change of network.
  void move();
  // Every datagram that comes in is dropped with this probability, by the kernel.
  void lose(double share);

  [[nodiscard]] client::Member& member() { return member_; }
  [[nodiscard]] const crypto::KeyPair& identity() const { return identity_; }
  [[nodiscard]] int fd() const { return socket_.fd(); }

 private:
  void flush();
  void take_events();

  UdpClient socket_;
  Endpoint server_;
  crypto::KeyPair identity_;
  client::Member member_;
  std::vector<client::Event> events_;
  std::vector<std::string> lines_;
};

}  // namespace chatd::test
