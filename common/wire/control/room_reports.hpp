// SPDX-License-Identifier: GPL-3.0-or-later
// room_reports.hpp — the answers to `rooms` and `room`.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp. A room's name has no '#'.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/report_json.hpp"
#include "common/wire/control/rule_reports.hpp"
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
  std::string topic{};      // "": none
  std::string topic_by{};   // "": the administrator
  std::string topic_set{};  // RFC 3339 in UTC; "": there is no topic
  std::vector<std::string> owners{};
  std::vector<std::string> moderators{};
  bool is_invited{false};         // only invited members enter
  bool is_hidden{false};          // only its members find it
  bool is_lecture{false};         // only owners and moderators speak
  std::string enter{};            // "anyone", "known" or "owned"; "": an older daemon
  std::uint16_t slow_seconds{0};  // between two messages of a member; 0: no limit
  std::string history{};          // "default", "off" or "30d"; "": an older daemon
  std::uint32_t invitations{0};
  std::vector<RuleRow> rules{};  // of the default room: those of the server
  // Of the last minute, as far as they are still in the log; nullopt: not counted, it is large.
  std::optional<std::uint64_t> messages{};
  std::uint32_t per_second{0};  // the most messages a second of all members; 0: no limit
  std::uint32_t at_once{0};     // above which that limit begins
  std::uint64_t too_fast{0};    // messages that it refused since the gateway was started
  friend bool operator==(const RoomReport&, const RoomReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("room", report.room);
    visit("maker", report.maker);
    visit("log_limit_bytes", report.log_limit_bytes);
    visit("users", report.users);
    visit("topic", report.topic);
    visit("topic_by", report.topic_by);
    visit("topic_set", report.topic_set);
    visit("owners", report.owners);
    visit("moderators", report.moderators);
    visit("invited", report.is_invited);
    visit("hidden", report.is_hidden);
    visit("lecture", report.is_lecture);
    visit("enter", report.enter);
    visit("slow_seconds", report.slow_seconds);
    visit("history", report.history);
    visit("invitations", report.invitations);
    visit("rules", report.rules);
    visit("last_minute_messages", report.messages);
    visit("messages_per_second", report.per_second);
    visit("messages_at_once", report.at_once);
    visit("messages_too_fast", report.too_fast);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
