// SPDX-License-Identifier: GPL-3.0-or-later
// text_client.hpp — somebody in the room, with nothing but a UDP socket.
//
// Runs in:   test programs.
// Owns:      its socket, and the lines that it has received and nobody has asked for yet.
// Invariant: every datagram is held to what clients in use depend on: from the address that
//            was written to, at most 1000 bytes, UTF-8, ending in a newline exactly for
//            those who write lines. Anything else fails the test.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/udp_client.hpp"

namespace chatd::test {

class TextClient {
 public:
  enum class Kind {
    lines,  // as `nc -u`: each datagram ends in a newline
    bare,   // as the Python clients: it does not
  };

  TextClient(const Endpoint& server, Kind kind, std::string_view address = "127.0.0.1");

  void send(std::string_view command) const;
  // What comes next, one whole datagram; "(nothing)" when none came in time.
  [[nodiscard]] std::string answer(std::chrono::milliseconds patience = UdpClient::kPatience);
  // send() and answer().
  [[nodiscard]] std::string ask(std::string_view command);
  // Logs in and expects OK.
  void enter(std::string_view name);

  // Reads until the line `last` has come; returns what came before it. Lines behind it in
  // the same datagram are kept for the next call.
  [[nodiscard]] std::vector<std::string> lines_until(std::string_view last);
  // The next line.
  [[nodiscard]] std::string line();

  [[nodiscard]] const UdpClient& socket() const noexcept { return socket_; }
  void close() noexcept { socket_.close(); }

 private:
  [[nodiscard]] bool take_datagram();

  UdpClient socket_;
  Endpoint server_;
  Kind kind_;
  std::deque<std::string> lines_;
};

}  // namespace chatd::test
