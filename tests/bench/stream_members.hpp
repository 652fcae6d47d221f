// SPDX-License-Identifier: GPL-3.0-or-later
// stream_members.hpp — members of a server that speaks over TCP.
//
// Runs in:   benchmarks.
// Owns:      a connection each.
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

  bool enter(std::chrono::seconds patience) override;
  void publish(const Payload& payload) override;
  void pump(Clock::time_point until) override;
  void lose(double share) override;
  std::uint64_t hearers() const override { return stream_hearers(dialect_, options()); }

 private:
  struct Seat {
    UniqueFd socket;
    std::unique_ptr<StreamDialect> dialect;
    std::string rest;  // the beginning of something that has not come whole
    bool ready{false};
  };
  void read(std::size_t member);
  static void write(Seat& seat, std::string_view bytes);

  Dialect dialect_;
  Poller poller_;
  std::vector<Seat> seats_;
  std::vector<char> buffer_;
  std::size_t ready_{0};
};

}  // namespace chatd::bench
