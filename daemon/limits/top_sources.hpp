// SPDX-License-Identifier: GPL-3.0-or-later
// top_sources.hpp — counts events for each source network and keeps the networks with the
// highest counts, in a table of fixed size; see network_of().
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      its entries; nothing is ever allocated.
// Invariant: a count is never higher than the number of events from that network, so no network
//            is reported for events of others. It is lower by at most total / (entries + 1): a
//            network with more events than that is in the table, however many addresses a flood
//            forges.
// See:       J. Misra, D. Gries, "Finding repeated elements", Science of Computer
//            Programming 2 (1982), 143-152.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "common/base/address.hpp"
#include "common/base/time.hpp"

namespace chatd::gateway {

class TopSources {
 public:
  // The number of networks in the table.
  static constexpr std::size_t kEntries = 64;
  // A network without events for this time is new again at its next event.
  static constexpr Micros kRemembered = std::chrono::seconds{60};

  // One entry of the table. It is unused while `last` is MonoTime::min().
  struct Source {
    IpAddress network;
    std::uint64_t count{0};  // events in this period, a lower bound
    MonoTime last{MonoTime::min()};
    bool is_new{false};     // set by the last note()
    bool is_logged{false};  // set by the caller: it has its own log line in this period
  };
  // Counts one event from `address`. Null: its network has no entry, all entries have counts.
  Source* note(const IpAddress& address, MonoTime now) noexcept;

  // All events of this period, with those of networks without an entry.
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  // All entries, the highest count first; entries with count 0 come last.
  [[nodiscard]] std::span<const Source> sorted() noexcept;
  // Sets all counts to 0. Networks stay in the table until others need their entries.
  void next_period() noexcept;

 private:
  std::array<Source, kEntries> entries_{};
  std::uint64_t total_{0};
};

}  // namespace chatd::gateway
