// SPDX-License-Identifier: GPL-3.0-or-later
// goodbyes.hpp — the last packets of connections that ended, to be said again.
//
// Runs in:   gateway.
// Owns:      a fixed number of sealed BYEs; the oldest makes room. A gateway that is killed
//            forgets them, and the client gets a RESET instead.
// Why:       a BYE that is lost would leave a client that was kicked, or replaced, to come back
//            by itself (RFC 9000, 10.2.1, for the same).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/wire/native_packet.hpp"

namespace chatd::gateway {

class Goodbyes {
 public:
  static constexpr std::size_t kMostBytes = 320;

  void keep(std::uint64_t connection, wire::Bytes packet) {
    if (packet.size() > kMostBytes) return;
    if (said_.size() < kMost) said_.emplace_back();
    const std::size_t index = next_++ % kMost;
    connections_[index] = connection;
    Goodbye& place = said_[index];
    place.size = packet.size();
    std::ranges::copy(packet, place.bytes.begin());
  }

  // Empty: none is known.
  [[nodiscard]] wire::Bytes find(std::uint64_t connection) const {
    const auto known = std::span{connections_}.first(said_.size());
    const auto found = std::ranges::find(known, connection);
    if (found == known.end()) return {};
    const Goodbye& said = said_[static_cast<std::size_t>(found - known.begin())];
    return wire::Bytes{said.bytes}.first(said.size);
  }

 private:
  // A client asks within seconds; so many kicks in that time no administrator manages.
  static constexpr std::size_t kMost = 256;
  struct Goodbye {
    std::size_t size{};
    std::array<std::byte, kMostBytes> bytes{};
  };
  // By themselves, at the same places: they are looked through for every packet of a flood.
  std::array<std::uint64_t, kMost> connections_{};
  std::vector<Goodbye> said_;
  std::size_t next_{0};
};

}  // namespace chatd::gateway
