// SPDX-License-Identifier: GPL-3.0-or-later
// name_reports.hpp — the answers to the verbs about owned names and tokens.
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

// A key that belongs to a name.
struct NameKeyReport {
  std::string key{};  // its fingerprint
  WallTime since{};
  std::string label{};  // the name that the device gives itself
  friend bool operator==(const NameKeyReport&, const NameKeyReport&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("key", row.key);
    visit("since", row.since);
    visit("label", row.label);
  }
};

struct OwnedNameReport {
  std::string name{};
  std::vector<NameKeyReport> keys{};  // the oldest first
  WallTime since{};
  WallTime seen{};            // when its owner was last in; up to an hour earlier than that
  std::string rests_until{};  // nobody else can have it until then; "": it is owned
  bool is_released{false};    // by its owner
  std::uint32_t waiting{0};   // direct messages that wait for its owner
  friend bool operator==(const OwnedNameReport&, const OwnedNameReport&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("name", row.name);
    visit("keys", row.keys);
    visit("since", row.since);
    visit("seen", row.seen);
    visit("rests_until", row.rests_until);
    visit("released", row.is_released);
    visit("waiting", row.waiting);
  }
};

// The answer to `names`, in the order of the names.
struct NamesReport {
  std::vector<OwnedNameReport> names{};
  friend bool operator==(const NamesReport&, const NamesReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("names", report.names); }
};

// The answer to `name give`, `name take` and `name rest`.
struct ChangedNameReport {
  std::string name{};
  std::string change{};            // "given", "taken" or "rests"
  std::string key{};               // of `given`
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const ChangedNameReport&, const ChangedNameReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("change", report.change);
    visit("key", report.key);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};

// The answer to `token`.
struct TokenReport {
  std::string name{};
  std::string change{};            // "made" or "revoked"
  std::string token{};             // of `made`; the daemon does not keep it
  std::string key{};               // of `made`: the fingerprint by which `names` lists it
  std::optional<bool> is_saved{};  // see saving.hpp
  std::string save_problem{};
  friend bool operator==(const TokenReport&, const TokenReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("change", report.change);
    visit("token", report.token);
    visit("key", report.key);
    visit("saved", report.is_saved);
    visit("save_problem", report.save_problem);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
