// SPDX-License-Identifier: GPL-3.0-or-later
// geometry.hpp — where each part of the shared region begins, computed from its two free sizes.
//
// Runs in:   every role. Pure.
// Invariant: each part begins on a page; the room log's length is a power of two of pages.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::state {

inline constexpr std::size_t kPage = 4096;
// One page each; it takes memory once it is used.
inline constexpr std::size_t kMailboxBytes = kPage;

struct Geometry {
  std::uint32_t sessions{};
  std::uint64_t ring_bytes{};

  // Offsets are masked, and the ring holds at least one record beside the one being written.
  [[nodiscard]] constexpr bool is_possible() const noexcept {
    return sessions != 0 && std::has_single_bit(ring_bytes) && ring_bytes >= 2 * kMaxRecordBytes;
  }
  [[nodiscard]] static constexpr std::size_t pages(std::size_t bytes) noexcept {
    return (bytes + kPage - 1) / kPage * kPage;
  }
  [[nodiscard]] static constexpr std::size_t processes() noexcept { return pages(sizeof(Header)); }
  [[nodiscard]] static constexpr std::size_t counters() noexcept {
    return processes() + pages(kMaxProcesses * sizeof(ProcessControl));
  }
  [[nodiscard]] static constexpr std::size_t worker_counters() noexcept {
    return counters() + pages(sizeof(GatewayCounters));
  }
  [[nodiscard]] static constexpr std::size_t active() noexcept {
    return worker_counters() + pages(kMaxWorkers * sizeof(WorkerCounters));
  }
  [[nodiscard]] constexpr std::size_t active_words() const noexcept { return (sessions + 63) / 64; }
  [[nodiscard]] constexpr std::size_t slots() const noexcept {
    return active() + pages(active_words() * sizeof(std::uint64_t));
  }
  [[nodiscard]] constexpr std::size_t native_slots() const noexcept {
    return slots() + pages(sessions * sizeof(SessionSlot));
  }
  // From here on workers may only read.
  [[nodiscard]] constexpr std::size_t ring_head() const noexcept {
    return native_slots() + pages(sessions * sizeof(NativeSlot));
  }
  [[nodiscard]] constexpr std::size_t mailboxes() const noexcept { return ring_head() + kPage; }
  [[nodiscard]] constexpr std::size_t ring() const noexcept {
    return mailboxes() + std::size_t{sessions} * kMailboxBytes;
  }
  [[nodiscard]] constexpr std::size_t total() const noexcept { return ring() + ring_bytes; }
};

}  // namespace chatd::state
