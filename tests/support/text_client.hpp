// SPDX-License-Identifier: GPL-3.0-or-later
// text_client.hpp — a client of the text protocol: one UDP socket.
//
// Runs in:   test programs.
// Owns:      its socket, and the received lines that the test has not read yet.
// Invariant: each datagram has the properties that clients in use depend on: it comes from the
//            address that the client sent to, has at most 1000 bytes, is UTF-8, and ends in a
//            newline exactly for the kind `lines`. Any other datagram fails the test.
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
    bare,   // as the Python clients: without a newline
  };

  TextClient(const Endpoint& server, Kind kind, std::string_view address = "127.0.0.1");

  void send(std::string_view command) const;
  // The next datagram, without its newline; "(nothing)" if none comes within `timeout`.
  [[nodiscard]] std::string answer(std::chrono::milliseconds timeout = UdpClient::kTimeout);
  // send(), then answer().
  [[nodiscard]] std::string ask(std::string_view command);
  // Logs in with this name and expects OK.
  void enter(std::string_view name);

  // Reads up to the line `last` and returns the lines before it. Lines after it in the same
  // datagram are kept for the next call.
  [[nodiscard]] std::vector<std::string> lines_until(std::string_view last);
  // The next line; "(nothing)" if none comes in time.
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
