// SPDX-License-Identifier: GPL-3.0-or-later
// event_reports.hpp — the answer to `events`: the events since the last answer.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: as in status_reports.hpp.
// See:       common/base/fields.hpp, for fields(); daemon/gateway/event_feed.hpp.
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

// An event. Its members are the fields of its log record, see chatd(8), without CHATD_ and in lower
// case. "" or nullopt: it has no such field.
struct EventRow {
  WallTime time{};
  std::string event{};  // the value of CHATD_EVENT
  std::string message{};
  std::string user{};
  std::string address{};
  std::string room{};
  std::string reason{};
  std::string by{};
  std::string change{};
  std::string until{};
  std::optional<std::uint64_t> rule{};
  std::string verb{};
  std::string result{};
  std::optional<std::uint64_t> uid{};
  std::optional<std::uint64_t> pid{};
  std::string process{};
  std::string state{};
  std::optional<std::uint64_t> joined{};
  std::optional<std::uint64_t> left{};
  std::optional<std::uint64_t> members{};
  std::optional<std::uint64_t> count{};
  std::string limit{};
  std::optional<std::uint64_t> port{};
  std::string invitation{};  // a number, or several
  friend bool operator==(const EventRow&, const EventRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("time", row.time);
    visit("event", row.event);
    visit("message", row.message);
    visit("user", row.user);
    visit("address", row.address);
    visit("room", row.room);
    visit("reason", row.reason);
    visit("by", row.by);
    visit("change", row.change);
    visit("until", row.until);
    visit("rule", row.rule);
    visit("verb", row.verb);
    visit("result", row.result);
    visit("uid", row.uid);
    visit("pid", row.pid);
    visit("process", row.process);
    visit("state", row.state);
    visit("joined", row.joined);
    visit("left", row.left);
    visit("members", row.members);
    visit("count", row.count);
    visit("limit", row.limit);
    visit("port", row.port);
    visit("invitation", row.invitation);
  }
};

struct EventsReport {
  std::string cursor{};     // the argument of the next request
  std::uint64_t missed{0};  // events that were overwritten before this follower asked for them
  std::vector<EventRow> events{};
  friend bool operator==(const EventsReport&, const EventsReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("cursor", report.cursor);
    visit("missed", report.missed);
    visit("events", report.events);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
