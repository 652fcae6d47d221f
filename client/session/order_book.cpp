// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/order_book.hpp"

#include <algorithm>

namespace chatd::client {

std::optional<std::uint64_t> OrderBook::settle(std::uint64_t command) noexcept {
  const auto found = std::ranges::find(open_, command, &Open::command);
  if (found == open_.end()) return std::nullopt;
  const std::uint64_t order = found->order;
  open_.erase(found);
  return order;
}

}  // namespace chatd::client
