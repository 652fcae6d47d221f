// SPDX-License-Identifier: GPL-3.0-or-later
// rule_reports.hpp — the answers to the verbs about bans and mutes.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp. A time that may be missing is a text: RFC 3339 in UTC or "".
// See:       common/base/fields.hpp, for fields(); chatctl(1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)

// A ban or a mute.
struct RuleRow {
  std::uint32_t id{0};    // 0: a dry run made none
  std::string kind{};     // "ban" or "mute"
  std::string by_what{};  // the type of the target: "key", "name" or "network"
  std::string target{};   // a name, "SHA256:...", or a network
  std::string room{};     // "": the whole server
  WallTime made{};
  std::string until{};     // "": without end
  std::string by{};        // the member that made it; "": the administrator
  std::string reason{};    // shown to the target
  std::string note{};      // for administrators only
  std::uint64_t hits{0};   // refused actions and removed sessions
  std::string last_hit{};  // "": never
  std::string undo{};      // the command that removes it
  friend bool operator==(const RuleRow&, const RuleRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("id", row.id);
    visit("kind", row.kind);
    visit("by_what", row.by_what);
    visit("target", row.target);
    visit("room", row.room);
    visit("made", row.made);
    visit("until", row.until);
    visit("by", row.by);
    visit("reason", row.reason);
    visit("note", row.note);
    visit("hits", row.hits);
    visit("last_hit", row.last_hit);
    visit("undo", row.undo);
  }
};

// The answer to `bans`: the rules in the order in which they were made.
struct RulesReport {
  std::vector<RuleRow> rules{};
  friend bool operator==(const RulesReport&, const RulesReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("rules", report.rules); }
};

// A session that a new rule hits: a ban removes it, a mute silences it.
struct HitRow {
  std::string name{};
  std::string address{};
  friend bool operator==(const HitRow&, const HitRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("name", row.name);
    visit("address", row.address);
  }
};

// The answer to `ban` and `mute`. A text member gets two rules: for its name and for its address.
struct PlacedReport {
  bool is_dry_run{false};  // nothing was changed
  std::vector<RuleRow> rules{};
  std::vector<HitRow> hit{};
  // The codes that have admitted the person, and that the ban has ended, or would end.
  std::vector<std::uint32_t> closed_invitations{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const PlacedReport&, const PlacedReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("dry_run", report.is_dry_run);
    visit("rules", report.rules);
    visit("hit", report.hit);
    visit("closed_invitations", report.closed_invitations);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

// The answer to `unban` and `unmute`.
struct LiftedReport {
  std::vector<RuleRow> rules{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const LiftedReport&, const LiftedReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("rules", report.rules);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
