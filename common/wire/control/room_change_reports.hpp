// SPDX-License-Identifier: GPL-3.0-or-later
// room_change_reports.hpp — the answers to the verbs that change a room.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp. A room's name has no '#'.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct MadeRoomReport {
  std::string name{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const MadeRoomReport&, const MadeRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

struct KeptRoomReport {
  std::string name{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const KeptRoomReport&, const KeptRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

struct DroppedRoomReport {
  std::string name{};
  std::uint32_t members{0};        // that were removed from it
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const DroppedRoomReport&, const DroppedRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("members", report.members);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

struct RenamedRoomReport {
  std::string from{};
  std::string to{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const RenamedRoomReport&, const RenamedRoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("from", report.from);
    visit("to", report.to);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

struct RoomSetReport {
  std::string room{};      // its name afterwards: a room that becomes hidden gets another one
  std::string property{};  // topic, invited, hidden, lecture, slow, enter, history
  // The value that is in force now: of topic the text; of invited, hidden and lecture "yes" or
  // "no"; of slow the seconds; of enter "anyone", "known" or "owned"; of history "default", "off"
  // or "7d".
  std::string value{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const RoomSetReport&, const RoomSetReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("room", report.room);
    visit("property", report.property);
    visit("value", report.value);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

struct RoomRoleReport {
  std::string room{};
  std::string name{};
  std::string role{};              // "owner", "moderator" or "none"
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const RoomRoleReport&, const RoomRoleReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("room", report.room);
    visit("name", report.name);
    visit("role", report.role);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
