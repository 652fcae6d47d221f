// SPDX-License-Identifier: GPL-3.0-or-later
// stream_members.hpp — the members on a server with a protocol over TCP.
//
// Runs in:   benchmarks.
// Owns:      a connection for each member.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/members.hpp"
#include "tests/bench/poller.hpp"
#include "tests/bench/stream_dialect.hpp"

namespace chatd::bench {

class StreamMembers : public Members {
 public:
  StreamMembers(Dialect dialect, const MembersOptions& options);

  bool enter(std::chrono::seconds timeout) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override;
  std::uint64_t receivers() const override { return stream_receivers(dialect_, options()); }

 private:
  struct Connection {
    UniqueFd socket;
    std::unique_ptr<StreamDialect> dialect;
    std::string rest;  // the received part of an incomplete message
    bool ready{false};
  };
  void read(std::size_t member);
  static void write(Connection& connection, std::string_view bytes);

  Dialect dialect_;
  Poller poller_;
  std::vector<Connection> connections_;
  std::vector<char> buffer_;
  std::size_t ready_{0};
};

}  // namespace chatd::bench
