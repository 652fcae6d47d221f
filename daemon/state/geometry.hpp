// SPDX-License-Identifier: GPL-3.0-or-later
// geometry.hpp — where each part of the shared region begins, computed from its free sizes.
//
// Runs in:   every role. Pure.
// Invariant: each part begins on a page, but the tables by slot: these end on one, and their rows
//            of web sessions begin on one, so that web maps these rows and no others. The room
//            log's length is a power of two of pages.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "daemon/state/kept_list.hpp"
#include "daemon/state/latency.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/state/rule_slot.hpp"
#include "daemon/state/stored_place.hpp"

namespace chatd::state {

inline constexpr std::size_t kPage = 4096;
// One page each; it takes memory once it is used.
inline constexpr std::size_t kMailboxBytes = kPage;
inline constexpr std::size_t kSubscriptionBytes = kPage;  // of a session
static_assert(kSubscriptions * sizeof(Subscription) <= kSubscriptionBytes);

struct Geometry {
  std::uint32_t sessions{};  // rows of each table by slot
  std::uint64_t ring_bytes{};
  std::uint32_t rooms{0};  // beside the default one
  std::uint64_t room_ring_bytes{kMinRing};
  std::uint32_t names{0};         // owned names that there can be
  std::uint32_t web_sessions{0};  // of the rows, how many at the end are for sessions of kind web
  friend bool operator==(const Geometry&, const Geometry&) = default;

  // A ring holds at least one record beside the one being written.
  static constexpr std::uint64_t kMinRing = 2 * kMaxRecordBytes;
  [[nodiscard]] static constexpr bool is_ring(std::uint64_t bytes) noexcept {
    return std::has_single_bit(bytes) && bytes >= kMinRing;
  }
  [[nodiscard]] constexpr bool is_possible() const noexcept {
    return sessions != 0 && web_sessions < sessions && is_ring(ring_bytes) &&
           is_ring(room_ring_bytes) && room_ring_bytes <= kMaxRoomRing && rooms <= kMaxRooms &&
           names <= kMaxNames;
  }
  static constexpr std::uint32_t kMaxRooms = 10'000;
  static constexpr std::uint32_t kMaxNames = 100'000;
  static constexpr std::uint64_t kMaxRoomRing = std::uint64_t{4} << 20U;
  [[nodiscard]] static constexpr std::size_t pages(std::size_t bytes) noexcept {
    return (bytes + kPage - 1) / kPage * kPage;
  }
  // `sessions` if there are none of kind web.
  [[nodiscard]] constexpr std::uint32_t first_web_slot() const { return sessions - web_sessions; }
  // Where a table by slot begins, behind the page end `end`, with rows of `row` bytes.
  [[nodiscard]] constexpr std::size_t by_slot(std::size_t end, std::size_t row) const noexcept {
    return pages(end + first_web_slot() * row) - first_web_slot() * row;
  }
  [[nodiscard]] static constexpr std::size_t processes() noexcept { return pages(sizeof(Header)); }
  [[nodiscard]] static constexpr std::size_t counters() noexcept {
    return processes() + pages(kMaxProcesses * sizeof(ProcessControl));
  }
  [[nodiscard]] static constexpr std::size_t worker_counters() noexcept {
    return counters() + pages(sizeof(GatewayCounters));
  }
  [[nodiscard]] static constexpr std::size_t delivery_latencies() noexcept {
    return worker_counters() + pages(kMaxWorkers * sizeof(WorkerCounters));
  }
  [[nodiscard]] static constexpr std::size_t archive() noexcept {
    return delivery_latencies() + pages(kMaxWorkers * sizeof(DeliveryLatency));
  }
  [[nodiscard]] static constexpr std::size_t active() noexcept { return archive() + kPage; }
  [[nodiscard]] constexpr std::size_t active_words() const noexcept { return (sessions + 63) / 64; }
  [[nodiscard]] constexpr std::size_t active_end() const noexcept {
    return active() + pages(active_words() * sizeof(std::uint64_t));
  }
  [[nodiscard]] constexpr std::size_t slots() const noexcept {
    return by_slot(active_end(), sizeof(SessionSlot));
  }
  [[nodiscard]] constexpr std::size_t native_slots() const noexcept {
    return by_slot(slots_end(), sizeof(NativeSlot));
  }
  [[nodiscard]] constexpr std::size_t slots_end() const noexcept {
    return pages(slots() + sessions * sizeof(SessionSlot));
  }
  [[nodiscard]] constexpr std::size_t stored_places() const noexcept {  // the default one last
    return pages(native_slots() + sessions * sizeof(NativeSlot));
  }
  [[nodiscard]] constexpr std::size_t subscriptions() const noexcept {
    return stored_places() + pages((std::size_t{rooms} + 1) * sizeof(StoredPlace));
  }
  // From here on workers may only read.
  [[nodiscard]] constexpr std::size_t ring_head() const noexcept {
    return subscriptions() + (rooms == 0 ? 0 : std::size_t{sessions} * kSubscriptionBytes);
  }
  [[nodiscard]] constexpr std::size_t mailboxes() const noexcept { return ring_head() + kPage; }
  [[nodiscard]] constexpr std::size_t room_slots() const noexcept {
    return mailboxes() + std::size_t{sessions} * kMailboxBytes;
  }
  [[nodiscard]] constexpr std::size_t room_properties() const noexcept {  // the default one first
    return room_slots() + pages(rooms * sizeof(RoomSlot));
  }
  [[nodiscard]] constexpr std::size_t rule_head() const noexcept {
    return room_properties() + pages((std::size_t{rooms} + 1) * sizeof(RoomProperties));
  }
  [[nodiscard]] constexpr std::size_t rules() const noexcept { return rule_head() + kPage; }
  [[nodiscard]] constexpr std::size_t kept_tables() const noexcept {
    return rules() + pages(rule_rows(rooms) * sizeof(RuleSlot));
  }
  [[nodiscard]] constexpr KeptSizes kept_sizes() const noexcept {
    return {.sessions = sessions, .rooms = rooms, .names = names};
  }
  // Where the table of that number begins, in the order of KeptTables; kCount: the end of the last.
  [[nodiscard]] constexpr std::size_t kept_table(std::size_t number) const noexcept {
    std::size_t at = kept_tables();
    KeptTables::for_each([&](auto entry, std::size_t other) {
      using Entry = decltype(entry);
      const std::size_t rows = Entry::rows(kept_sizes());
      if (other < number) at += pages(rows * sizeof(typename Entry::Row));
    });
    return at;
  }
  [[nodiscard]] constexpr std::size_t room_members() const noexcept {
    return kept_table(KeptTables::kCount);
  }
  // A bit for each member, then one for each word of these that is not 0.
  [[nodiscard]] constexpr std::size_t summary_words() const noexcept {
    return (active_words() + 63) / 64;
  }
  [[nodiscard]] constexpr std::size_t room_members_bytes() const noexcept {
    const std::size_t bytes = (active_words() + summary_words()) * sizeof(std::uint64_t);
    return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
  }
  [[nodiscard]] constexpr std::size_t room_news() const noexcept {
    return room_members() + pages(rooms * room_members_bytes());
  }
  [[nodiscard]] constexpr std::size_t room_rings() const noexcept {
    return room_news() + (rooms == 0 ? 0 : pages(sizeof(RoomNews)));
  }
  [[nodiscard]] constexpr std::size_t ring() const noexcept {
    return room_rings() + std::size_t{rooms} * room_ring_bytes;
  }
  [[nodiscard]] constexpr std::size_t total() const noexcept { return ring() + ring_bytes; }
};

}  // namespace chatd::state
