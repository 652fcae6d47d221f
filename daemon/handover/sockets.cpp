// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/sockets.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace chatd::handover {

namespace {

constexpr std::uint16_t kNone = 0xFFFF;

std::uint16_t number_of(const Endpoint& wanted, std::span<const Endpoint> now) {
  const auto at = [&](auto found) {
    return found == now.end() ? kNone : static_cast<std::uint16_t>(found - now.begin());
  };
  const auto same = std::ranges::find(now, wanted);
  if (same != now.end()) return at(same);
  return at(std::ranges::find_if(now, [&](const Endpoint& socket) {
    return socket.address.is_wildcard() && socket.address.is_v4() == wanted.address.is_v4();
  }));
}

}  // namespace

void renumber_sockets(const state::StateView& state, std::span<const Endpoint> now) {
  state::Keeping& keeping = state.keeping();
  std::array<std::uint16_t, state::kMaxSockets> number{};
  number.fill(kNone);
  const std::size_t known = std::min<std::size_t>(keeping.sockets, number.size());
  for (std::size_t i = 0; i < known; ++i) number[i] = number_of(keeping.socket[i], now);
  const auto renumber = [&](state::Delivery& delivery) {
    delivery.socket = delivery.socket < number.size() ? number[delivery.socket] : kNone;
  };
  for (auto& slot : state.slots()) renumber(slot.delivery);
  for (auto& native : state.native_slots()) {
    for (auto& peer : native.peer) renumber(peer.delivery);
  }
  keeping.sockets = std::min(now.size(), keeping.socket.size());
  std::copy_n(now.begin(), keeping.sockets, keeping.socket.begin());
}

}  // namespace chatd::handover
