// SPDX-License-Identifier: GPL-3.0-or-later
// members.hpp — all members of a server, for the load generator: one interface for each protocol.
//
// Runs in:   benchmarks, in one thread.
// Owns:      the connections.
// Invariant: members 0 to P-1 are publishers and the rest are listeners; each received message is
//            counted in the tally.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/address.hpp"
#include "tests/bench/tally.hpp"

namespace chatd::bench {

struct MembersOptions {
  Endpoint server;
  std::size_t publishers{1};
  std::size_t listeners{1000};
  // Number of further rooms with room_members members each, in which all messages are sent; 0: all
  // members are in the default room. The first rooms * room_members members are in further rooms:
  // member m in room m % rooms, and member m < rooms is the publisher of room m.
  std::size_t rooms{0};
  std::size_t room_members{0};
  std::size_t logins_at_once{512};  // at most, in progress; over TCP

  [[nodiscard]] std::size_t all() const { return publishers + listeners; }
  // The further room of a member; nullopt: the member is in the default room only.
  [[nodiscard]] std::optional<std::size_t> room_of(std::size_t member) const {
    if (member >= rooms * room_members) return std::nullopt;
    return member % rooms;
  }
  // Whether `member` is in the room in which `publisher` sends.
  [[nodiscard]] bool is_addressed(std::size_t member, std::size_t publisher) const {
    return rooms == 0 || room_of(member) == publisher;
  }
};

// The name of a further room on every server.
[[nodiscard]] inline std::string room_name(std::size_t room) { return "r" + std::to_string(room); }

class Members {
 public:
  explicit Members(const MembersOptions& options)
      : options_{options}, tally_{options.all(), options.publishers} {}
  virtual ~Members() = default;
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  // Logs all members in, as fast as the server allows; false if one is not a member within
  // `timeout`.
  [[nodiscard]] virtual bool enter(std::chrono::seconds timeout) = 0;
  // Sends the message of payload.publisher.
  virtual void publish(const Payload& payload) = 0;
  // Reads what has come and sends what is due; waits for more, at most until `until`.
  virtual void pump(Clock::time_point until) = 0;
  // Loses this share of the packets to the members and, if the generator sends datagrams itself, of
  // those to the server.
  virtual void lose(double share) = 0;
  // Number of members that receive one message.
  [[nodiscard]] virtual std::uint64_t receivers() const = 0;
  // True if messages can be lost (UDP without acknowledgements).
  [[nodiscard]] virtual bool may_lose() const { return false; }

  [[nodiscard]] Tally& tally() { return tally_; }
  [[nodiscard]] const MembersOptions& options() const { return options_; }

  // Pumps until `holds` is true, at most for `limit`. Returns whether it is true.
  [[nodiscard]] bool pump_until(const std::function<bool()>& holds,
                                std::chrono::milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (!holds()) {
      const auto now = Clock::now();
      if (now >= end) return false;
      pump(std::min(end, now + std::chrono::milliseconds{20}));
    }
    return true;
  }

 protected:
  // Counts a delivery; one to a member that is not in the publisher's room is invented.
  void count(std::size_t member, const Payload& payload, Clock::time_point now) {
    if (options_.is_addressed(member, payload.publisher)) {
      tally_.arrived(member, payload, now);
    } else {
      tally_.invent();
    }
  }
  // Logs in the members in order, with at most `at_once` logins in progress. `log_in` sends the
  // first bytes of a member; `ready` is the number of members that are logged in.
  [[nodiscard]] bool enter_in_turn(std::size_t at_once, const std::size_t& ready,
                                   const std::function<void(std::size_t)>& log_in,
                                   std::chrono::seconds timeout) {
    const auto end = Clock::now() + timeout;
    const std::size_t all = options_.all();
    for (std::size_t i = 0; i < all; ++i) {
      log_in(i);
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
