// SPDX-License-Identifier: GPL-3.0-or-later
// native_client.hpp — a native member on a real socket: client::Member, driven by its caller.
//
// Runs in:   test programs.
// Owns:      the socket and the Member. It can lose received datagrams.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "client/member/member.hpp"
#include "tests/support/member_events.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class NativeClient {
 public:
  struct Options {
    std::string name{};
    std::optional<crypto::KeyPair> identity{};  // a fresh one without
    bool wants_replay{true};
    bool is_brief{false};
    bool wants_saved{false};
    std::string code{};  // the secret of an invitation code
  };
  NativeClient(const Endpoint& server, Options options);

  // Receives and sends everything that is due; waits at most `timeout` for the first datagram.
  void pump(std::chrono::milliseconds timeout);
  // Until `holds` is true. Throws after a long time limit.
  void pump_until(const std::function<bool()>& holds);

  // Logs in, and waits until it is a member.
  void enter();
  // Waits for the next event of that type; the others are kept.
  template <class T>
  T await() {
    std::optional<T> found;
    pump_until([&] {
      for (auto event = events_.begin(); event != events_.end() && !found; ++event) {
        if (!std::holds_alternative<T>(*event)) continue;
        found = std::get<T>(std::move(*event));
        events_.erase(event);
        break;
      }
      return found.has_value();
    });
    return *std::move(found);
  }
  // Room lines so far as "name: text", "+name", "-name", "* name text", "[admin] text".
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  void await_line(std::string_view line);
  // Sends it and waits until it is confirmed.
  void say(std::string_view text);

  // Another socket, of this address of the machine: as after a change of network.
  void move(std::string_view address = "127.0.0.1");
  // The kernel drops each received datagram with this probability.
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
