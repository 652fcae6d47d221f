// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_rates.hpp"

#include <algorithm>

namespace chatd::chat {

namespace {

const RateLimit kOneRoom{RoomRates::kOfARoomPerSecond, RoomRates::kOfARoom};
const RateLimit kOneNetwork{RoomRates::kOfANetworkPerSecond, RoomRates::kOfANetwork};
const RateLimit kItsRoles{RoomRates::kOfRolesPerSecond, RoomRates::kOfRoles};

}  // namespace

// A network that the room does not know has its whole rate. It takes the place of the one that has
// used least of its own.
RoomRates::OfANetwork& RoomRates::of(OfARoom& room, const IpAddress& network) noexcept {
  const auto own = std::ranges::find(room.networks, network, &OfANetwork::network);
  if (own != room.networks.end()) return *own;
  OfANetwork& least = *std::ranges::min_element(room.networks, {}, &OfANetwork::arrival);
  least = {.network = network};
  return least;
}

bool RoomRates::refuse(state::RoomIndex room, const IpAddress& sender, MonoTime now) noexcept {
  if (!is_limited_) return false;
  OfARoom& one = of(room);
  if (is_loopback(sender)) return kOneRoom.refuse(one.arrival, now).has_value();
  OfANetwork& near = of(one, network_of(sender));
  std::int64_t arrival = near.arrival;
  if (kOneNetwork.refuse(arrival, now) || kOneRoom.refuse(one.arrival, now)) return true;
  near.arrival = arrival;
  return false;
}

bool RoomRates::refuse_role(state::RoomIndex room, MonoTime now) noexcept {
  return kItsRoles.refuse(of(room).roles, now).has_value();
}

}  // namespace chatd::chat
