// SPDX-License-Identifier: GPL-3.0-or-later
// goodbyes.hpp — the sealed BYE packets of native connections that ended, kept to be sent again.
//
// Runs in:   gateway.
// Owns:      the last kMaxGoodbyes packets; a new one replaces the oldest. A gateway that is
//            killed loses them, and the client gets a RESET instead.
// Why:       without it, a kicked or replaced client whose BYE was lost would reconnect
//            automatically (RFC 9000, 10.2.1, describes the same).
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "common/wire/native/native_packet.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::gateway {

class Goodbyes {
 public:
  // The size limit of one packet; a longer one is not kept.
  static constexpr std::size_t kMaxBytes = 320;

  void keep(state::ConnectionId connection, wire::Bytes packet) {
    if (packet.size() > kMaxBytes) return;
    if (goodbyes_.size() < kMaxGoodbyes) goodbyes_.emplace_back();
    const std::size_t index = next_++ % kMaxGoodbyes;
    connections_[index] = connection;
    Goodbye& place = goodbyes_[index];
    place.size = packet.size();
    std::ranges::copy(packet, place.bytes.begin());
  }

  // The BYE of `connection`; empty: none is kept. Valid until the next keep().
  [[nodiscard]] wire::Bytes find(state::ConnectionId connection) const {
    const auto known = std::span{connections_}.first(goodbyes_.size());
    const auto found = std::ranges::find(known, connection);
    if (found == known.end()) return {};
    const Goodbye& goodbye = goodbyes_[static_cast<std::size_t>(found - known.begin())];
    return wire::Bytes{goodbye.bytes}.first(goodbye.size);
  }

 private:
  // A client asks again within seconds; an administrator does not kick more members in that
  // time.
  static constexpr std::size_t kMaxGoodbyes = 256;
  struct Goodbye {
    std::size_t size{};
    std::array<std::byte, kMaxBytes> bytes{};
  };
  // The connection of goodbyes_[i] is connections_[i]. A separate array, because it is searched
  // for every packet of a flood.
  std::array<state::ConnectionId, kMaxGoodbyes> connections_{};
  std::vector<Goodbye> goodbyes_;
  std::size_t next_{0};
};

}  // namespace chatd::gateway
