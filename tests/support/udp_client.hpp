// SPDX-License-Identifier: GPL-3.0-or-later
// udp_client.hpp — a member's end of the conversation: one UDP socket on loopback.
//
// Runs in:   test programs.
// Owns:      the socket, bound to a port that the kernel chose.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::test {

class UdpClient {
 public:
  static constexpr std::chrono::milliseconds kPatience{10'000};

  explicit UdpClient(std::string_view address = "127.0.0.1");

  void send(const Endpoint& to, std::string_view bytes) const;

  struct Received {
    std::string bytes;
    Endpoint from;
  };
  // Waits for one datagram; nullopt when none came in time.
  [[nodiscard]] std::optional<Received> receive(std::chrono::milliseconds patience = kPatience);
  // The bytes alone; "(nothing)" when none came in time.
  [[nodiscard]] std::string next();

  // All datagrams that were sent to this socket before the call, without waiting for more:
  // it sends one to itself, which comes last.
  [[nodiscard]] std::vector<std::string> drain();
  // The same, cut into lines.
  [[nodiscard]] std::vector<std::string> drain_lines();

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  // From now on the kernel drops each datagram that comes in with this probability.
  void lose(double share) const;
  // From now on whoever sends to endpoint() is told that the port is unreachable. The port is kept:
  // the kernel gives it to nobody else, who would be taken for this end.
  void close() const;

 private:
  UniqueFd socket_;
  Endpoint endpoint_;
};

// A port that nobody listens on for as long as this lives.
class ClosedPort {
 public:
  ClosedPort() { socket_.close(); }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return socket_.endpoint(); }

 private:
  UdpClient socket_;
};

}  // namespace chatd::test
