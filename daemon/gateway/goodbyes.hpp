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
#include <vector>

#include "common/wire/native_packet.hpp"

namespace chatd::gateway {

class Goodbyes {
 public:
  static constexpr std::size_t kMostBytes = 320;

  void keep(std::uint64_t connection, wire::Bytes packet) {
    if (packet.size() > kMostBytes) return;
    if (said_.size() < kMost) said_.emplace_back();
    Goodbye& place = said_[next_++ % kMost];
    place.connection = connection;
    place.size = packet.size();
    std::ranges::copy(packet, place.bytes.begin());
  }

  // Empty: none is known.
  [[nodiscard]] wire::Bytes find(std::uint64_t connection) const {
    const auto found = std::ranges::find(said_, connection, &Goodbye::connection);
    return found == said_.end() ? wire::Bytes{} : wire::Bytes{found->bytes}.first(found->size);
  }

 private:
  // A client asks within seconds; so many kicks in that time no administrator manages.
  static constexpr std::size_t kMost = 256;
  struct Goodbye {
    std::uint64_t connection{};
    std::size_t size{};
    std::array<std::byte, kMostBytes> bytes{};
  };
  std::vector<Goodbye> said_;
  std::size_t next_{0};
};

}  // namespace chatd::gateway
