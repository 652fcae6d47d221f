// SPDX-License-Identifier: GPL-3.0-or-later
// crowd.hpp — many text members in one thread, with all lines that each of them has received.
//
// Runs in:   test programs.
// Owns:      one socket for each member. The members are named m0, m1, ... and send datagrams
//            without a newline, as the Python clients do.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/unique_fd.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class Crowd {
 public:
  Crowd(const Endpoint& server, std::size_t members);

  // Logs all members in and waits for each OK. False if one does not come in time.
  [[nodiscard]] bool enter();

  void send(std::size_t member, std::string_view command) const;
  // Reads all datagrams that have come; waits for the first one at most `timeout`.
  void receive(std::chrono::milliseconds timeout);
  // Reads until each member has received that line; false if one has not in time.
  [[nodiscard]] bool receive_until(std::string_view line);
  // Reads until the first member has received the joins of all others, by name or as numbers.
  [[nodiscard]] bool receive_joins();

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] const Endpoint& endpoint(std::size_t member) const {
    return members_[member].socket.endpoint();
  }
  [[nodiscard]] const std::vector<std::string>& lines(std::size_t member) const {
    return members_[member].lines;
  }
  // Number of lines that all members together have received since forget_lines().
  [[nodiscard]] std::size_t lines_read() const noexcept { return lines_read_; }
  void forget_lines();

 private:
  struct Member {
    UdpClient socket;
    std::vector<std::string> lines;
  };
  void read_all(Member& member);
  template <class Condition>
  bool receive_while(Condition is_waiting);

  Endpoint server_;
  UniqueFd poll_;
  std::vector<Member> members_;
  std::vector<char> buffer_;
  std::size_t lines_read_{0};
};

}  // namespace chatd::test
