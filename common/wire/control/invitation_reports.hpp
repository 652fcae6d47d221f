// SPDX-License-Identifier: GPL-3.0-or-later
// invitation_reports.hpp — the answers to the verbs about invitation codes.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp. A room's name has no '#'; "": none. A code is only in the
//            answer to `invite`: the server keeps a hash of it.
// See:       common/base/fields.hpp, for fields().
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

struct CodeRow {
  std::uint32_t id{0};
  std::string code{};
  friend bool operator==(const CodeRow&, const CodeRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("id", row.id);
    visit("code", row.code);
  }
};

// The answer to `invite`.
struct InvitedReport {
  std::vector<CodeRow> codes{};
  std::uint32_t uses{1};  // of each code
  WallTime until{};
  std::string room{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  std::string door{};  // server.door; "": an older daemon
  friend bool operator==(const InvitedReport&, const InvitedReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("codes", report.codes);
    visit("uses", report.uses);
    visit("until", report.until);
    visit("room", report.room);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
    visit("door", report.door);
  }
};

// A person that a code has admitted.
struct AdmittedRow {
  std::string name{};  // that the person had then
  WallTime at{};
  friend bool operator==(const AdmittedRow&, const AdmittedRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("name", row.name);
    visit("at", row.at);
  }
};

struct InvitationRow {
  std::uint32_t id{0};
  std::string state{};  // "open", "used", "expired", "revoked" or "closed" (by a ban)
  std::uint32_t uses{1};
  std::uint32_t used{0};
  WallTime made{};
  WallTime until{};
  std::string room{};
  std::uint32_t by{0};  // a user id
  std::vector<AdmittedRow> admitted{};
  friend bool operator==(const InvitationRow&, const InvitationRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("id", row.id);
    visit("state", row.state);
    visit("uses", row.uses);
    visit("used", row.used);
    visit("made", row.made);
    visit("until", row.until);
    visit("room", row.room);
    visit("by", row.by);
    visit("admitted", row.admitted);
  }
};

// The answer to `invites`.
struct InvitationsReport {
  std::string door{};  // server.door
  std::vector<InvitationRow> invitations{};
  friend bool operator==(const InvitationsReport&, const InvitationsReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("door", report.door);
    visit("invitations", report.invitations);
  }
};

// The answer to `invite revoke`.
struct RevokedReport {
  std::vector<std::uint32_t> ids{};
  std::vector<std::string> removed{};  // the persons that are not admitted any more
  // Of these, those that may enter nevertheless: they own a name.
  std::vector<std::string> still_enter{};
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const RevokedReport&, const RevokedReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("ids", report.ids);
    visit("removed", report.removed);
    visit("still_enter", report.still_enter);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
