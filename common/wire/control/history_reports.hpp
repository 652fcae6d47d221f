// SPDX-License-Identifier: GPL-3.0-or-later
// history_reports.hpp — the answers about what is stored: `history`, `search` and `archive`.
//
// Runs in:   archive and gateway (write), chatctl (reads).
// Invariant: members are only ever added.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The fields that a line has in each answer about lines.
constexpr void line_fields(auto& visit, auto& row) {
  visit("number", row.number);
  visit("time", row.time);
  visit("kind", row.kind);
  visit("name", row.name);
  visit("key", row.key);
  visit("text", row.text);
}

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct HistoryRow {
  std::uint64_t number{0};  // of the line in its room
  WallTime time{};
  std::string kind{};  // "say", "action", "announce", "topic"; "gap": lines that are not stored
  std::string name{};
  std::string key{};  // the fingerprint; "": none, or not known
  std::string text{};
  std::uint64_t last{0};  // of a gap: its last number; 0: not known
  friend bool operator==(const HistoryRow&, const HistoryRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    line_fields(visit, row);
    visit("last", row.last);
  }
};

struct HistoryReport {
  std::string room{};
  std::uint64_t room_number{0};     // in the archive; never used again
  std::vector<HistoryRow> lines{};  // the oldest one first
  bool more{false};  // there are older lines: --before with the first number shows them
  friend bool operator==(const HistoryReport&, const HistoryReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("room", report.room);
    visit("room_number", report.room_number);
    visit("lines", report.lines);
    visit("more", report.more);
  }
};

struct SearchRow {
  std::string room{};
  std::uint64_t room_number{0};
  std::uint64_t number{0};  // of the line in its room
  WallTime time{};
  std::string kind{};  // as in HistoryRow; never "gap"
  std::string name{};
  std::string key{};
  std::string text{};
  friend bool operator==(const SearchRow&, const SearchRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("room", row.room);
    visit("room_number", row.room_number);
    line_fields(visit, row);
  }
};

struct SearchReport {
  std::vector<SearchRow> lines{};  // the newest one first
  bool more{false};                // there may be older ones: --before with `next` goes on
  std::uint64_t next{0};
  bool complete{true};  // false: the index is being built, and searching takes longer
  friend bool operator==(const SearchReport&, const SearchReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("lines", report.lines);
    visit("more", report.more);
    visit("next", report.next);
    visit("complete", report.complete);
  }
};

struct ArchiveReport {
  std::string state{};  // "off", "ok", "slow", "full", "locked", "newer", "broken", "down"
  std::uint64_t lines{0};
  std::uint64_t indexed{0};  // of them
  std::uint64_t bytes{0};
  std::uint64_t max_bytes{0};
  std::chrono::seconds max_age{0};  // 0: no limit
  std::chrono::seconds behind{0};   // for how long a message waits to be stored
  std::uint64_t gaps{0};            // since the service began
  std::uint64_t set_aside{0};       // damaged databases, since the service began
  std::string error{};              // the last one; "": none
  // Of the database of rules, kept rooms and properties: the same values.
  std::string registry{};
  std::chrono::seconds registry_behind{0};
  std::uint64_t registry_set_aside{0};
  std::string registry_error{};
  friend bool operator==(const ArchiveReport&, const ArchiveReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("state", report.state);
    visit("lines", report.lines);
    visit("indexed", report.indexed);
    visit("bytes", report.bytes);
    visit("max_bytes", report.max_bytes);
    visit("max_age_seconds", report.max_age);
    visit("behind_seconds", report.behind);
    visit("gaps", report.gaps);
    visit("set_aside", report.set_aside);
    visit("error", report.error);
    visit("registry", report.registry);
    visit("registry_behind_seconds", report.registry_behind);
    visit("registry_set_aside", report.registry_set_aside);
    visit("registry_error", report.registry_error);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
