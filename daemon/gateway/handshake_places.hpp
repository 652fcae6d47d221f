// SPDX-License-Identifier: GPL-3.0-or-later
// handshake_places.hpp — who has which place in the table of half-done handshakes.
//
// Runs in:   gateway. Pure: the time is an argument.
// Invariant: what is done or old makes room first. Nobody's half-done handshake is pushed out
//            by a network that has more than its share: that one loses its own oldest, and if
//            that is young, gets no place. To push out what is young would let nobody in when
//            thousands come at once: each loses its place before its last word is read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/time.hpp"

namespace chatd::gateway {

class HandshakePlaces {
 public:
  explicit HandshakePlaces(std::size_t count) : places_(count) {}

  // A place for a handshake that begins now; whoever had it has lost it. nullopt: its network
  // must wait.
  [[nodiscard]] std::optional<std::size_t> take(const IpAddress& address, MonoTime now) {
    const IpAddress network = network_of(address);
    const std::size_t share = places_.size() / 4;
    std::size_t own = 0;
    std::size_t oldest = 0;
    std::size_t oldest_own = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (rank(places_[i], now) < rank(places_[oldest], now)) oldest = i;
      if (!is_half_done(places_[i], now) || !(places_[i].network == network)) continue;
      if (own++ == 0 || places_[i].serial < places_[oldest_own].serial) oldest_own = i;
    }
    if (own >= share && now - places_[oldest_own].since < kYoung) return std::nullopt;
    const std::size_t taken = own < share ? oldest : oldest_own;
    places_[taken] = {.network = network, .serial = ++serial_, .since = now, .is_done = false};
    return taken;
  }
  // Both sides have what they wanted, or know that they will not get it.
  void done(std::size_t place) noexcept { places_[place].is_done = true; }

 private:
  // Nobody takes so long for one round trip.
  static constexpr std::chrono::seconds kPatience{10};
  // Most do not take this long, also over a slow path and a long queue.
  static constexpr std::chrono::seconds kYoung{2};
  struct Place {
    IpAddress network{};
    std::uint64_t serial{0};  // 0: never used
    MonoTime since{};
    bool is_done{true};
  };
  static bool is_half_done(const Place& place, MonoTime now) noexcept {
    return !place.is_done && now - place.since < kPatience;
  }
  // The lowest goes first.
  static std::uint64_t rank(const Place& place, MonoTime now) noexcept {
    constexpr std::uint64_t kHalfDone = std::uint64_t{1} << 63U;
    return is_half_done(place, now) ? place.serial | kHalfDone : place.serial;
  }

  std::vector<Place> places_;
  std::uint64_t serial_{0};
};

}  // namespace chatd::gateway
