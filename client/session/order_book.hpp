// SPDX-License-Identifier: GPL-3.0-or-later
// order_book.hpp — the order of the terminal process that each command of the member belongs to.
//
// Runs in:   uchat's session process.
// Invariant: every order that was placed is settled once, with its command or by abandon(). If a
//            server leaves more than kMaxOpen open, the oldest is forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace chatd::client {

class OrderBook {
 public:
  // More than a user types or pastes before the server confirms.
  static constexpr std::size_t kMaxOpen = 65'536;

  // Places an order. Command numbers grow.
  void place(std::uint64_t order, std::uint64_t command) {
    if (open_.size() == kMaxOpen) open_.pop_front();
    open_.push_back({order, command});
  }

  // Settles the order of a command and returns it. nullopt: the command has no open order.
  std::optional<std::uint64_t> settle(std::uint64_t command) noexcept;
  // Forgets all open orders.
  void abandon() noexcept { open_.clear(); }

  [[nodiscard]] bool is_empty() const noexcept { return open_.empty(); }

 private:
  struct Open {
    std::uint64_t order;
    std::uint64_t command;
  };
  std::deque<Open> open_;
};

}  // namespace chatd::client
