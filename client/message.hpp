// SPDX-License-Identifier: GPL-3.0-or-later
// message.hpp — the messages between uchat's two processes, over their pipe.
//
// Runs in:   both processes of uchat.
// Invariant: both are forks of one program, so the form is common/process/codec.hpp's and
//            never leaves this machine. No message is longer than kMaxMessageBytes: the pipe
//            takes it in one piece, so that the session process never has to keep a part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/member.hpp"
#include "client/outcome.hpp"
#include "common/process/codec.hpp"

namespace chatd::client {

inline constexpr std::size_t kMaxMessageBytes = 32'768;

// A message of the terminal process: an order of its user.
struct Order {
  enum class Kind : std::uint8_t {
    enter,   // name, password, fingerprint: log in, or try again after a refusal
    say,     // text
    act,     // text
    letter,  // name, text
    users,
    quit,
  };
  Kind kind{};
  std::uint64_t number{0};  // counts up; is in the Report when the server has confirmed the order
  std::string name{};
  std::string text{};
  std::optional<std::string> password{};
  std::string fingerprint{};  // of the server's key, which the user has confirmed; "": nothing yet
};

// A message of the session process.
struct Report {
  enum class Kind : std::uint8_t {
    event,          // what happened in the room
    first_contact,  // text: the server's fingerprint; event.text: the file that keeps it
    notice,         // text: information that changes no state
    missed_here,    // count: lines that the terminal was too slow (or stopped) for
    ended,  // outcome, text: why (of unconfirmed_key: the fingerprint); an `enter` may follow
  };
  Kind kind{};
  Event event{};
  std::uint64_t order{0};  // of confirmed, refused and own lines
  std::uint64_t count{0};  // of missed_here; of joined_room: the longest text that may be said
  bool more{false};        // of users: another piece follows
  Outcome outcome{};
  std::string text{};
};

[[nodiscard]] process::Bytes encode(const Order& order);
[[nodiscard]] process::Bytes encode(const Report& report);
// nullopt: not such a message, which only a crash of the other side can cause.
[[nodiscard]] std::optional<Order> decode_order(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<Report> decode_report(std::span<const std::byte> bytes);

// A list of users can be longer than a message; everything else is one report.
[[nodiscard]] std::vector<Report> in_pieces(Report report);

}  // namespace chatd::client
