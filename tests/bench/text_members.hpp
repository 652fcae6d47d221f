// SPDX-License-Identifier: GPL-3.0-or-later
// text_members.hpp — the members on a server with the text protocol over UDP.
//
// Runs in:   benchmarks.
// Owns:      a socket for each member.
#pragma once

#include <string_view>
#include <vector>

#include "tests/bench/members.hpp"
#include "tests/bench/poller.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::bench {

class TextMembers : public Members {
 public:
  explicit TextMembers(const MembersOptions& options);

  bool enter(std::chrono::seconds timeout) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override;
  std::uint64_t receivers() const override { return options().all() - 1; }
  bool may_lose() const override { return true; }

  [[nodiscard]] const Endpoint& endpoint(std::size_t member) const {
    return clients_[member].socket.endpoint();
  }
  // Lets the kernel deliver several datagrams in one read (UDP_GRO).
  void take_runs();

 private:
  struct Client {
    test::UdpClient socket;
    bool ready{false};
  };
  void read(std::size_t member);

  Poller poller_;
  std::vector<Client> clients_;
  std::vector<char> buffer_;
  std::size_t ready_{0};
};

}  // namespace chatd::bench
