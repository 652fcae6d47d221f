// SPDX-License-Identifier: GPL-3.0-or-later
// change_rates.hpp — limits how often members change rooms: topics, properties and rules.
//
// Runs in:   gateway. Private memory. Pure: the time is an argument.
// Invariant: a person makes at most 10 changes at once and 10 a minute, the persons of a network
//            together 60 and 60. Beyond these, the persons with a role in a room make together 5
//            and 5 for that room, which other users of their network cannot use up. A user with
//            many keys is limited by its network and by the rooms that the network may make
//            (limits.rooms_per_address): it can neither fill the table of rules nor use the
//            gateway's time.
//            Members of the server's machine are not one network.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "common/base/rate_limit.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::chat {

class ChangeRates {
 public:
  static constexpr std::uint32_t kOfAPerson = 10;  // changes a minute, and at once
  static constexpr std::uint32_t kOfANetwork = 60;
  static constexpr std::uint32_t kOfARoom = 5;  // beyond those of a network

  // Charges one change. A result: nothing was charged, the change must wait for this time.
  // own_rooms() returns the ids of the rooms in which the person has a role. It is called only if
  // the network has used up its rate; the change is then charged to one of these rooms.
  template <class OwnRooms>
  [[nodiscard]] std::optional<Micros> refuse(state::PersonId person, const IpAddress& address,
                                             MonoTime now, OwnRooms own_rooms) {
    std::int64_t own = value_or_zero(persons_, person);
    if (const auto wait = person_.refuse(own, now)) return wait;
    if (!is_loopback(address)) {
      const auto of_network = charge(networks_, network_of(address), network_, now);
      const auto wait = of_network ? charge_one_of(own_rooms(), *of_network, now) : std::nullopt;
      if (wait) return wait;
    }
    persons_.insert_or_assign(person, own);
    return std::nullopt;
  }
  // The same for a change that is not one of a room: only the person is charged.
  [[nodiscard]] std::optional<Micros> refuse(state::PersonId person, MonoTime now) {
    return charge(persons_, person, person_, now);
  }
  // Forgets persons, networks and rooms that have their whole burst again.
  void tick(MonoTime now) {
    const std::int64_t time = now.time_since_epoch().count();
    const auto is_over = [time](const auto& entry) { return entry.second <= time; };
    std::erase_if(persons_, is_over);
    std::erase_if(networks_, is_over);
    std::erase_if(rooms_, is_over);
  }

 private:
  template <class Map, class Key>
  static std::int64_t value_or_zero(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? 0 : at->second;
  }
  template <class Map, class Key>
  static std::optional<Micros> charge(Map& map, const Key& key, const RateLimit& limit,
                                      MonoTime now) {
    std::int64_t arrival = value_or_zero(map, key);
    const auto wait = limit.refuse(arrival, now);
    if (!wait) map.insert_or_assign(key, arrival);
    return wait;
  }
  // Charges the first of the rooms that admits the change. Otherwise returns the shortest wait:
  // that of a room, or `of_network`.
  std::optional<Micros> charge_one_of(std::span<const state::RoomId> rooms, Micros of_network,
                                      MonoTime now) {
    Micros shortest = of_network;
    for (const state::RoomId room : rooms) {
      const auto wait = charge(rooms_, room, room_, now);
      if (!wait) return std::nullopt;
      shortest = std::min(shortest, *wait);
    }
    return shortest;
  }

  static constexpr double kSeconds = 60;
  RateLimit person_{kOfAPerson / kSeconds, kOfAPerson};
  RateLimit network_{kOfANetwork / kSeconds, kOfANetwork};
  RateLimit room_{kOfARoom / kSeconds, kOfARoom};
  // The state of each person's, network's and room's limit, see RateLimit.
  std::map<state::PersonId, std::int64_t> persons_;
  std::map<IpAddress, std::int64_t, AddressOrder> networks_;
  std::map<state::RoomId, std::int64_t> rooms_;
};

}  // namespace chatd::chat
