// SPDX-License-Identifier: GPL-3.0-or-later
// text_members.hpp — members of a server that speaks the text protocol over UDP.
//
// Runs in:   benchmarks.
// Owns:      a socket each.
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

  bool enter(std::chrono::seconds patience) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override;
  std::uint64_t hearers() const override { return options().all() - 1; }
  bool may_lose() const override { return true; }

  [[nodiscard]] const Endpoint& endpoint(std::size_t member) const {
    return seats_[member].socket.endpoint();
  }
  // Runs of datagrams may come as one.
  void take_runs();

 private:
  struct Seat {
    test::UdpClient socket;
    bool ready{false};
  };
  void read(std::size_t member);

  Poller poller_;
  std::vector<Seat> seats_;
  std::vector<char> buffer_;
  std::size_t ready_{0};
};

}  // namespace chatd::bench
