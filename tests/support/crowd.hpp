// SPDX-License-Identifier: GPL-3.0-or-later
// crowd.hpp — many members in one thread, and everything that each of them has read.
//
// Runs in:   test programs.
// Owns:      one socket for each member. They are called m0, m1, ... and write as the Python
//            clients do, without a newline.
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

  // All log in, and have their OK. False if somebody has none in time.
  [[nodiscard]] bool enter();

  void send(std::size_t member, std::string_view command) const;
  // Reads whatever is there; waits at most so long for the first of it.
  void receive(std::chrono::milliseconds patience);
  // Until everybody has read that line; false if somebody has not in time.
  [[nodiscard]] bool receive_until(std::string_view line);

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] const Endpoint& endpoint(std::size_t member) const {
    return members_[member].socket.endpoint();
  }
  [[nodiscard]] const std::vector<std::string>& lines(std::size_t member) const {
    return members_[member].lines;
  }
  // Of all members.
  [[nodiscard]] std::size_t lines_read() const noexcept { return lines_read_; }
  void forget_lines();

 private:
  struct Member {
    UdpClient socket;
    std::vector<std::string> lines;
  };
  void read_all(Member& member);
  template <class Condition>
  bool receive_while(Condition somebody_waits);

  Endpoint server_;
  UniqueFd poll_;
  std::vector<Member> members_;
  std::vector<char> buffer_;
  std::size_t lines_read_{0};
};

}  // namespace chatd::test
