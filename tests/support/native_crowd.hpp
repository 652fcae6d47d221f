// SPDX-License-Identifier: GPL-3.0-or-later
// native_crowd.hpp — any number of native members in one process, for load tests and fault tests.
//
// Runs in:   test programs and benchmarks.
// Owns:      a socket and a client::Member each, one epoll for all, a heap of their deadlines.
// Invariant: the lines that a member receives are stored in their order, unless `keeps_lines` is
//            off.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/member/member.hpp"
#include "common/base/unique_fd.hpp"
#include "common/io/datagram_batch.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

// As "name: text", "+name", "-name", "* name text", "[admin] text", "(name) text",
// "[12 joined, 3 left]".
[[nodiscard]] std::string line_of(const client::Line& line);

class NativeCrowd {
 public:
  using Millis = std::chrono::milliseconds;
  static constexpr Millis kGenerous{300'000};

  struct Options {
    std::size_t size{};
    std::string prefix{"m"};  // m0, m1, ...
    bool wants_replay{false};
    bool keeps_lines{true};
    bool wants_saved{false};
    std::uint64_t seed{1};  // of the loss and of what members draw, keys as well
  };
  NativeCrowd(const Endpoint& server, const Options& options);

  // The first logs in, and then all others at once: so it receives the join of each of them. False:
  // some were not members in time; until then no client gives up.
  [[nodiscard]] bool enter(Millis timeout = kGenerous);
  // Receives and sends everything that is due; waits at most so long for the first datagram.
  void pump(Micros timeout);
  [[nodiscard]] bool pump_until(const std::function<bool()>& holds, Millis timeout = kGenerous);

  void send(std::size_t member, const client::Message& message);
  void say(std::size_t member, std::string_view text) {
    send(member, client::Say{.text = std::string{text}});
  }
  // Asks for the newest stored lines at the next pump(), also if on_event calls it.
  void ask_later(std::size_t member) { askers_.push_back(member); }
  // Logs the member out; counted by ended() when its goodbye is sent.
  void quit(std::size_t member);
  // Another address.
  void move(std::size_t member);
  // Loses each datagram with this probability, in both directions.
  void lose(double share);

  [[nodiscard]] std::size_t size() const noexcept { return seats_.size(); }
  [[nodiscard]] std::string name(std::size_t member) const;
  [[nodiscard]] const std::vector<std::string>& lines(std::size_t member) const {
    return seats_[member]->lines;
  }
  void forget_lines();
  // Of all members: lines of the room that came, their own as well.
  [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }
  [[nodiscard]] std::size_t unconfirmed() const;
  [[nodiscard]] std::size_t ended() const;
  // When the datagram was read that is being looked at.
  [[nodiscard]] MonoTime heard_at() const noexcept { return heard_at_; }
  // Sees every event, of whom.
  std::function<void(std::size_t member, const client::Event& event)> on_event;

 private:
  struct Seat {
    UdpClient socket;
    client::Member member;
    std::vector<std::string> lines;
    MonoTime planned{MonoTime::max()};  // its entry in the heap
  };
  using Due = std::pair<MonoTime, std::size_t>;

  void watch(std::size_t member);
  void receive(std::size_t member);
  // After anything happened to it.
  void settle(std::size_t member, MonoTime now);
  void plan(std::size_t member);
  void run_timers();

  Endpoint server_;
  Options options_;
  UniqueFd epoll_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  MonoTime heard_at_{};
  std::uint64_t delivered_{0};
  double loss_{0};
  std::vector<std::size_t> askers_;
  std::mt19937_64 random_;
  std::vector<std::byte> datagram_;
  io::DatagramReader reader_{1, 65536};  // a whole run
};

}  // namespace chatd::test
