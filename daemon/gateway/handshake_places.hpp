// SPDX-License-Identifier: GPL-3.0-or-later
// handshake_places.hpp — assigns the places in the table of unfinished handshakes.
//
// Runs in:   gateway. Pure: the time is an argument.
// Invariant: a finished or old handshake loses its place first. A network that has more than its
//            share does not take the place of another network's unfinished handshake: it loses its
//            own oldest one, or, if that is young, gets no place. If young handshakes lost their
//            places, none would finish when thousands begin at once: each would lose its place
//            before its CONFIRM is read.
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

  // A place for a handshake that begins now; the handshake that had it is lost. nullopt: the
  // network must wait.
  [[nodiscard]] std::optional<std::size_t> take(const IpAddress& address, MonoTime now) {
    const IpAddress network = network_of(address);
    const std::size_t share = places_.size() / 4;
    std::size_t own = 0;
    std::size_t oldest = 0;
    std::size_t oldest_own = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (rank(places_[i], now) < rank(places_[oldest], now)) oldest = i;
      if (!is_unfinished(places_[i], now) || !(places_[i].network == network)) continue;
      if (own++ == 0 || places_[i].serial < places_[oldest_own].serial) oldest_own = i;
    }
    if (own >= share && now - places_[oldest_own].since < kYoung) return std::nullopt;
    const std::size_t taken = own < share ? oldest : oldest_own;
    places_[taken] = {.network = network, .serial = ++serial_, .since = now, .is_done = false};
    return taken;
  }
  // The handshake is finished, or refused.
  void done(std::size_t place) noexcept { places_[place].is_done = true; }

 private:
  // No round trip takes so long.
  static constexpr std::chrono::seconds kTimeout{10};
  // Most handshakes take less, also over a slow path and a long queue.
  static constexpr std::chrono::seconds kYoung{2};
  struct Place {
    IpAddress network{};
    std::uint64_t serial{0};  // 0: never used
    MonoTime since{};
    bool is_done{true};
  };
  static bool is_unfinished(const Place& place, MonoTime now) noexcept {
    return !place.is_done && now - place.since < kTimeout;
  }
  // The place with the lowest rank is given away first.
  static std::uint64_t rank(const Place& place, MonoTime now) noexcept {
    constexpr std::uint64_t kUnfinished = std::uint64_t{1} << 63U;
    return is_unfinished(place, now) ? place.serial | kUnfinished : place.serial;
  }

  std::vector<Place> places_;
  std::uint64_t serial_{0};
};

}  // namespace chatd::gateway
