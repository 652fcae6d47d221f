// SPDX-License-Identifier: GPL-3.0-or-later
// members.hpp — the members of one room, as the load generator drives them: one interface for
// every protocol.
//
// Runs in:   benchmarks, in one thread.
// Owns:      the connections.
// Invariant: publishers are members 0 to P-1 and listeners the rest; whoever hears a message
//            notes it in the tally.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "common/base/address.hpp"
#include "tests/bench/tally.hpp"

namespace chatd::bench {

struct MembersOptions {
  Endpoint server;
  std::size_t publishers{1};
  std::size_t listeners{1000};

  [[nodiscard]] std::size_t all() const { return publishers + listeners; }
};

class Members {
 public:
  explicit Members(const MembersOptions& options)
      : options_{options}, tally_{options.all(), options.publishers} {}
  virtual ~Members() = default;
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  // All of them, as fast as the server lets them; false when one is not in, in time.
  [[nodiscard]] virtual bool enter(std::chrono::seconds patience) = 0;
  virtual void publish(const Payload& payload) = 0;
  // Reads what is there and does what is due; waits until then at most.
  virtual void pump(Clock::time_point until) = 0;
  // From now on so many of the packets are lost on their way here (and, where the generator
  // sends datagrams itself, on their way there).
  virtual void lose(double share) = 0;
  // How many get to hear one message.
  [[nodiscard]] virtual std::uint64_t hearers() const = 0;
  // May a message not come? (UDP without acknowledgements)
  [[nodiscard]] virtual bool may_lose() const { return false; }

  [[nodiscard]] Tally& tally() { return tally_; }
  [[nodiscard]] const MembersOptions& options() const { return options_; }

  // Pumps until then, or until it holds; false: it does not hold.
  [[nodiscard]] bool pump_until(const std::function<bool()>& holds,
                                std::chrono::milliseconds most) {
    const auto end = Clock::now() + most;
    while (!holds()) {
      const auto now = Clock::now();
      if (now >= end) return false;
      pump(std::min(end, now + std::chrono::milliseconds{20}));
    }
    return true;
  }

 protected:
  // One after the other, at most so many on the way; `knock` is one's first word, and `ready` says
  // how many are in.
  [[nodiscard]] bool enter_in_turn(std::size_t at_once, const std::size_t& ready,
                                   const std::function<void(std::size_t)>& knock,
                                   std::chrono::seconds patience) {
    const auto end = Clock::now() + patience;
    const std::size_t all = options_.all();
    for (std::size_t i = 0; i < all; ++i) {
      knock(i);
      const std::size_t wanted = i + 1 == all ? all : i + 1 - std::min(i, at_once);
      while (ready < wanted) {
        if (Clock::now() > end) return false;
        pump(Clock::now() + std::chrono::milliseconds{20});
      }
    }
    return true;
  }

 private:
  MembersOptions options_;
  Tally tally_;
};

// The protocols of the servers.
enum class Dialect : std::uint8_t { text, native, irc, mqtt, mqtt_acknowledged, nats, redis };

[[nodiscard]] std::unique_ptr<Members> make_members(Dialect dialect, const MembersOptions& options);

}  // namespace chatd::bench
