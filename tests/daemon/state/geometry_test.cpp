// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/geometry.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

// Where each part begins, and its bytes.
struct Part {
  const char* name;
  std::size_t begin;
  std::size_t bytes;
  std::size_t row{0};  // of a table by slot whose rows are shorter than a page
};
std::vector<Part> parts_of(const Geometry& g) {
  const std::size_t rooms = g.rooms;
  const bool has_rooms = rooms != 0;
  std::vector<Part> parts{
      {"header", 0, kKeepingOffset + sizeof(Keeping)},
      {"processes", Geometry::processes(), kMaxProcesses * sizeof(ProcessControl)},
      {"counters", Geometry::counters(), sizeof(GatewayCounters)},
      {"worker counters", Geometry::worker_counters(), kMaxWorkers * sizeof(WorkerCounters)},
      {"delivery latencies", Geometry::delivery_latencies(), kMaxWorkers * sizeof(DeliveryLatency)},
      {"archive", Geometry::archive(), sizeof(ArchiveFigures)},
      {"active", Geometry::active(), g.active_words() * 8},
      {"slots", g.slots(), g.sessions * sizeof(SessionSlot), sizeof(SessionSlot)},
      {"native slots", g.native_slots(), g.sessions * sizeof(NativeSlot), sizeof(NativeSlot)},
      {"stored places", g.stored_places(), (rooms + 1) * sizeof(StoredPlace)},
      {"subscriptions", g.subscriptions(), has_rooms ? g.sessions * kSubscriptionBytes : 0},
      {"ring head", g.ring_head(), sizeof(RoomHead)},
      {"mailboxes", g.mailboxes(), g.sessions * kMailboxBytes},
      {"room slots", g.room_slots(), rooms * sizeof(RoomSlot)},
      {"properties", g.room_properties(), (rooms + 1) * sizeof(RoomProperties)},
      {"rule head", g.rule_head(), sizeof(RuleHead)},
      {"rules", g.rules(), rule_rows(g.rooms) * sizeof(RuleSlot)},
  };
  KeptTables::for_each([&](auto entry, std::size_t number) {
    using Entry = decltype(entry);
    parts.push_back({Entry::kName.data(), g.kept_table(number),
                     Entry::rows(g.kept_sizes()) * sizeof(typename Entry::Row)});
  });
  const std::vector<Part> rest{{"room members", g.room_members(), rooms * g.room_members_bytes()},
                               {"room news", g.room_news(), has_rooms ? sizeof(RoomNews) : 0},
                               {"room rings", g.room_rings(), rooms * g.room_ring_bytes},
                               {"ring", g.ring(), g.ring_bytes}};
  parts.insert(parts.end(), rest.begin(), rest.end());
  return parts;
}

// A table by slot begins so that its rows of browsers begin on a page.
void expect_parts_in_order(const Geometry& geometry) {
  EXPECT_TRUE(geometry.is_possible());
  std::size_t end = 0;
  for (const Part& part : parts_of(geometry)) {
    EXPECT_EQ((part.begin + geometry.first_web_slot() * part.row) % kPage, 0U) << part.name;
    EXPECT_EQ(part.begin % kCacheLine, 0U) << part.name;
    EXPECT_GE(part.begin, end) << part.name;
    EXPECT_LT(part.begin - end, 2 * kPage) << part.name;  // no space is lost
    end = part.begin + part.bytes;
  }
  EXPECT_EQ(end, geometry.total());
}

TEST(Geometry, EachPartBeginsOnAPageBehindTheOneBefore) {
  for (const std::uint32_t sessions : {1U, 64U, 65U, 4097U, 100'000U}) {
    for (const std::uint32_t rooms : {0U, 1U, 1000U, Geometry::kMaxRooms}) {
      for (const std::uint32_t web : {0U, 1U, 1000U}) {
        SCOPED_TRACE(std::to_string(sessions) + " sessions, " + std::to_string(rooms) + " rooms, " +
                     std::to_string(web) + " browsers");
        expect_parts_in_order({.sessions = sessions + web,
                               .ring_bytes = 1U << 20U,
                               .rooms = rooms,
                               .room_ring_bytes = 1U << 18U,
                               .names = sessions,
                               .web_sessions = web});
      }
    }
  }
}

TEST(Geometry, TheMembersOfTwoRoomsShareNoCacheLine) {
  for (const std::uint32_t sessions : {1U, 64U, 65U, 4096U, 4097U, 100'000U}) {
    const Geometry geometry{.sessions = sessions, .ring_bytes = 1U << 20U, .rooms = 2};
    EXPECT_EQ(geometry.room_members_bytes() % kCacheLine, 0U) << sessions;
    EXPECT_GE(geometry.summary_words() * 64, geometry.active_words()) << sessions;
    EXPECT_GE(geometry.room_members_bytes() / 8, geometry.active_words() + geometry.summary_words())
        << sessions;
  }
}

TEST(Geometry, RoomsHaveLimits) {
  const Geometry good{.sessions = 8, .ring_bytes = 16384, .rooms = 2, .room_ring_bytes = 65536};
  EXPECT_TRUE(good.is_possible());
  const auto with = [&](std::uint32_t rooms, std::uint64_t ring_bytes) {
    Geometry other = good;
    other.rooms = rooms;
    other.room_ring_bytes = ring_bytes;
    return other;
  };
  EXPECT_FALSE(with(Geometry::kMaxRooms + 1, 65536).is_possible());
  EXPECT_TRUE(with(Geometry::kMaxRooms, Geometry::kMaxRoomRing).is_possible());
  EXPECT_FALSE(with(2, 2 * Geometry::kMaxRoomRing).is_possible());
  EXPECT_FALSE(with(2, 65536 + 8192).is_possible());
  EXPECT_FALSE(with(2, 8192).is_possible());
  EXPECT_FALSE(with(0, 0).is_possible());
}

}  // namespace
}  // namespace chatd::state
