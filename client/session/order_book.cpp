// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/order_book.hpp"

#include <algorithm>

#include "common/base/overloaded.hpp"

namespace chatd::client {

bool OrderBook::translate(Event& event) {
  return std::visit(Overloaded{
                        [this](Confirmed& confirmed) {
                          const auto order = settle(confirmed.number);
                          if (!order) return false;
                          if (wants_saved_ && confirmed_.size() < kMaxOpen) {
                            confirmed_.push_back({.order = *order, .command = confirmed.number});
                          }
                          confirmed.number = *order;
                          return true;
                        },
                        [this](Saved& saved) {
                          const auto order = take(confirmed_, saved.number);
                          if (!order) return false;
                          saved.number = *order;
                          return true;
                        },
                        [this](Refused& refused) {
                          if (refused.number) refused.number = settle(*refused.number);
                          return true;
                        },
                        [](auto& /*other*/) { return true; },
                    },
                    event);
}

std::optional<std::uint64_t> OrderBook::settle(std::uint64_t command) noexcept {
  return take(open_, command);
}

std::optional<std::uint64_t> OrderBook::take(std::deque<Open>& orders,
                                             std::uint64_t command) noexcept {
  const auto found = std::ranges::find(orders, command, &Open::command);
  if (found == orders.end()) return std::nullopt;
  const std::uint64_t order = found->order;
  orders.erase(found);
  return order;
}

}  // namespace chatd::client
