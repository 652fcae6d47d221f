// SPDX-License-Identifier: GPL-3.0-or-later
// order_book.hpp — the order of the terminal process that each command of the member belongs to.
//
// Runs in:   uchat's session process.
// Invariant: every order that was placed is settled once, with its command or by abandon(). If a
//            server leaves more than kMaxOpen open, the oldest is forgotten. An order that is
//            confirmed is kept until its command is Saved, if the Member wants that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "client/member/event.hpp"

namespace chatd::client {

class OrderBook {
 public:
  // More than a user types or pastes before the server confirms.
  static constexpr std::size_t kMaxOpen = 65'536;

  // `wants_saved`: see Member::Options.
  explicit OrderBook(bool wants_saved = false) noexcept : wants_saved_{wants_saved} {}

  // Places an order. Command numbers grow.
  void place(std::uint64_t order, std::uint64_t command) {
    if (open_.size() == kMaxOpen) open_.pop_front();
    open_.push_back({order, command});
  }

  // The number of a command in a Confirmed, a Refused or a Saved becomes that of its order. False:
  // the command has no open order, and nobody waits for the event.
  [[nodiscard]] bool translate(Event& event);
  // Settles the order of a command and returns it. nullopt: the command has no open order.
  std::optional<std::uint64_t> settle(std::uint64_t command) noexcept;
  // Forgets all open orders.
  void abandon() noexcept {
    open_.clear();
    confirmed_.clear();
  }

  [[nodiscard]] bool is_empty() const noexcept { return open_.empty(); }

 private:
  struct Open {
    std::uint64_t order;
    std::uint64_t command;
  };
  [[nodiscard]] static std::optional<std::uint64_t> take(std::deque<Open>& orders,
                                                         std::uint64_t command) noexcept;

  bool wants_saved_;
  std::deque<Open> open_;
  std::deque<Open> confirmed_;
};

}  // namespace chatd::client
