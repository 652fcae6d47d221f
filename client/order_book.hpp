// SPDX-License-Identifier: GPL-3.0-or-later
// order_book.hpp — which order of the terminal a member's command carries out.
//
// Runs in:   uchat's session process.
// Invariant: every order that was placed is settled once, with its command or by abandon(),
//            but for what a server leaves open beyond kMaxOpen: the oldest is forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace chatd::client {

class OrderBook {
 public:
  // More than anybody types or pastes ahead of a server that takes it.
  static constexpr std::size_t kMaxOpen = 65'536;

  // Commands come in growing order.
  void place(std::uint64_t order, std::uint64_t command) {
    if (open_.size() == kMaxOpen) open_.pop_front();
    open_.push_back({order, command});
  }

  // The order behind a command; 0 if there is none (any more). It stays open.
  [[nodiscard]] std::uint64_t order_of(std::uint64_t command) const noexcept;
  // The same, and it is done.
  std::uint64_t settle(std::uint64_t command) noexcept;
  // All that are open; none is afterwards.
  [[nodiscard]] std::vector<std::uint64_t> abandon();

  [[nodiscard]] bool is_empty() const noexcept { return open_.empty(); }

 private:
  struct Open {
    std::uint64_t order;
    std::uint64_t command;
  };
  std::deque<Open> open_;
};

}  // namespace chatd::client
