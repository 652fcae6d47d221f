// SPDX-License-Identifier: GPL-3.0-or-later
// room_reports.hpp — the answers to `rooms` and to the verbs that begin with `room`.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp. A room's name has no '#'.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/report_json.hpp"
#include "common/wire/control/status_reports.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct RoomRow {
  std::string name{};
  bool is_default{false};  // every member is in it, and it cannot be dropped
  bool is_kept{false};     // it stays without members
  std::uint32_t members{0};
  WallTime made{};
  std::uint64_t records{0};    // the sequence number of the next record
  std::uint64_t log_bytes{0};  // of the records that are still there
  friend bool operator==(const RoomRow&, const RoomRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("name", row.name);
    visit("default", row.is_default);
    visit("kept", row.is_kept);
    visit("members", row.members);
    visit("made", row.made);
    visit("records", row.records);
    visit("log_bytes", row.log_bytes);
  }
};

// The default room is the first one; the others are sorted by name.
struct RoomsReport {
  std::vector<RoomRow> rooms{};
  friend bool operator==(const RoomsReport&, const RoomsReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("rooms", report.rooms); }
};

struct RoomReport {
  RoomRow room{};
  std::string maker{};               // fingerprint of a member's key; "": the administrator
  std::uint64_t log_limit_bytes{0};  // the oldest records are overwritten beyond it
  std::vector<UserRow> users{};
  friend bool operator==(const RoomReport&, const RoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("room", report.room);
    visit("maker", report.maker);
    visit("log_limit_bytes", report.log_limit_bytes);
    visit("users", report.users);
  }
};

struct MadeRoomReport {
  std::string name{};
  friend bool operator==(const MadeRoomReport&, const MadeRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("name", report.name); }
};

struct KeptRoomReport {
  std::string name{};
  friend bool operator==(const KeptRoomReport&, const KeptRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("name", report.name); }
};

struct DroppedRoomReport {
  std::string name{};
  std::uint32_t members{0};  // that were removed from it
  friend bool operator==(const DroppedRoomReport&, const DroppedRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("members", report.members);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
