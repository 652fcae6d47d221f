// SPDX-License-Identifier: GPL-3.0-or-later
// room_rates.hpp — limits how many messages the members of a further room send to it: all together,
// those of one network, and its owners and moderators.
//
// Runs in:   gateway. Private memory: the next gateway begins with full rates. Pure: the time is an
//            argument.
// Invariant: the members of one network send at most half of what the room admits, so that members
//            of other networks are heard, whatever one network sends with many keys. Beyond these
//            rates the room's owners and moderators have a small one together. Members of the
//            server's machine are no network: only the rate of the room limits them. A table of
//            fixed size: a room knows the four networks that have used most of their rate. Two that
//            have used all of theirs use all of the room's.
// Hot path:  nothing is allocated after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::chat {

class RoomRates {
 public:
  static constexpr double kOfARoomPerSecond = 50;
  static constexpr std::uint32_t kOfARoom = 200;  // at once
  static constexpr double kOfANetworkPerSecond = kOfARoomPerSecond / 2;
  static constexpr std::uint32_t kOfANetwork = kOfARoom / 2;
  static constexpr double kOfRolesPerSecond = 2;
  static constexpr std::uint32_t kOfRoles = 20;

  // is_limited: false: refuse() admits everything.
  RoomRates(std::uint32_t rooms, bool is_limited) : is_limited_{is_limited}, rooms_(rooms) {}

  // True: the network of the sender, or the room, has used up its rate, and nothing is charged.
  [[nodiscard]] bool refuse(state::RoomIndex room, const IpAddress& sender, MonoTime now) noexcept;
  // The same for an owner or a moderator that refuse() has refused.
  [[nodiscard]] bool refuse_role(state::RoomIndex room, MonoTime now) noexcept;

 private:
  // The states of limits, see RateLimit.
  struct OfANetwork {
    IpAddress network{};
    std::int64_t arrival{0};
  };
  struct OfARoom {
    std::int64_t arrival{0};
    std::int64_t roles{0};
    std::array<OfANetwork, 4> networks{};
  };

  [[nodiscard]] OfARoom& of(state::RoomIndex room) noexcept {
    return rooms_[static_cast<std::size_t>(room)];
  }
  [[nodiscard]] static OfANetwork& of(OfARoom& room, const IpAddress& network) noexcept;

  bool is_limited_;
  std::vector<OfARoom> rooms_;  // for each row of a room
};

}  // namespace chatd::chat
