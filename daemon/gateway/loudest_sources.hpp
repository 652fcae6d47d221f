// SPDX-License-Identifier: GPL-3.0-or-later
// loudest_sources.hpp — which networks cause the most of something, in a table of fixed size;
// see network_of().
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      its places; nothing is ever allocated.
// Invariant: a count is never more than what came from that network, so nobody is accused of
//            what others did, and less by at most total / (places + 1): whoever sends more
//            than that is in the table, however many addresses a flood forges.
// See:       J. Misra, D. Gries, "Finding repeated elements", Science of Computer
//            Programming 2 (1982), 143-152.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "common/base/address.hpp"
#include "common/base/time.hpp"

namespace chatd::gateway {

class LoudestSources {
 public:
  static constexpr std::size_t kPlaces = 64;
  // A network that was silent for so long is a new one when it comes again.
  static constexpr Micros kRemembered = std::chrono::seconds{60};

  struct Source {
    IpAddress network;
    std::uint64_t count{0};  // in this period
    MonoTime last{MonoTime::min()};
    bool is_new{false};  // as of the last note()
    bool told{false};    // the owner's, of this period
  };
  // Counts one more from there. Null: it has no place, since others are louder.
  Source* note(const IpAddress& address, MonoTime now) noexcept;

  // Of this period, whoever caused it.
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  // The loudest first; those without a count come last.
  [[nodiscard]] std::span<const Source> sorted() noexcept;
  // Counts begin anew; who was here is remembered, until others need the place.
  void next_period() noexcept;

 private:
  std::array<Source, kPlaces> places_{};
  std::uint64_t total_{0};
};

}  // namespace chatd::gateway
