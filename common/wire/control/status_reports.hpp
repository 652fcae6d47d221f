// SPDX-License-Identifier: GPL-3.0-or-later
// status_reports.hpp — the answers to `status`, `users`, `workers` and `metrics`.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: the JSON has raw units: times in RFC 3339 UTC, durations in seconds. Members are
//            only ever added. A list is a member of an object, so that the report can grow.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/last_minute.hpp"
#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct StatusReport {
  std::string version{};
  pid_t pid{0};  // of the supervisor, which lives as long as the daemon
  WallTime started{};
  std::chrono::seconds uptime{};
  std::uint32_t sessions{0};
  std::uint32_t sessions_limit{0};
  std::uint32_t sessions_peak{0};
  std::uint64_t messages{0};
  std::uint32_t workers_ready{0};
  std::uint32_t workers_configured{0};
  std::vector<std::string> listen{};
  std::string config_file{};  // "" = built-in defaults
  std::string language{};
  std::vector<std::string> warnings{};  // of the configuration, as a reload gives them
  Counters counters{};                  // in the order to be shown
  std::vector<std::string> problems{};  // whole sentences; empty: all is well
  std::uint32_t rooms{0};               // beside the default one
  std::uint32_t rooms_limit{0};
  std::uint32_t rules{0};  // bans and mutes
  LastMinute last_minute{};
  std::string door{};              // server.door; "": an older daemon
  std::uint32_t open_codes{0};     // invitation codes with which somebody can enter
  std::vector<std::string> web{};  // addresses of the page
  friend bool operator==(const StatusReport&, const StatusReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("version", report.version);
    visit("pid", report.pid);
    visit("started", report.started);
    visit("uptime_seconds", report.uptime);
    visit("sessions", report.sessions);
    visit("sessions_limit", report.sessions_limit);
    visit("sessions_peak", report.sessions_peak);
    visit("messages", report.messages);
    visit("workers_ready", report.workers_ready);
    visit("workers_configured", report.workers_configured);
    visit("listen", report.listen);
    visit("config_file", report.config_file);
    visit("language", report.language);
    visit("counters", report.counters);
    visit("warnings", report.warnings);
    visit("problems", report.problems);
    visit("rooms", report.rooms);
    visit("rooms_limit", report.rooms_limit);
    visit("rules", report.rules);
    visit("last_minute", report.last_minute);
    visit("door", report.door);
    visit("open_codes", report.open_codes);
    visit("web", report.web);
  }
};

struct UserRow {
  std::string name{};
  std::string address{};
  std::string protocol{};  // text native web
  WallTime joined{};
  std::chrono::seconds idle{};
  std::uint64_t messages{0};
  bool is_away{false};        // a native member that is silent
  std::string key{};          // fingerprint of a native member's key; "": none
  std::uint32_t programs{0};  // that it is in with
  bool is_owned{false};       // the name belongs to its key
  friend bool operator==(const UserRow&, const UserRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("name", row.name);
    visit("address", row.address);
    visit("protocol", row.protocol);
    visit("joined", row.joined);
    visit("idle_seconds", row.idle);
    visit("messages", row.messages);
    visit("away", row.is_away);
    visit("key", row.key);
    visit("programs", row.programs);
    visit("owned", row.is_owned);
  }
};

struct UsersReport {
  std::vector<UserRow> users{};
  friend bool operator==(const UsersReport&, const UsersReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("users", report.users); }
};

struct ProcessRow {
  std::string role{};  // supervisor, gateway, worker
  std::uint32_t index{0};
  pid_t pid{0};
  std::string state{};  // starting ready hung waiting stopping
  std::uint64_t restarts{0};
  WallTime since{};  // start of the process
  std::uint32_t members{0};
  std::uint64_t datagrams{0};
  friend bool operator==(const ProcessRow&, const ProcessRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("role", row.role);
    visit("index", row.index);
    visit("pid", row.pid);
    visit("state", row.state);
    visit("restarts", row.restarts);
    visit("since", row.since);
    visit("members", row.members);
    visit("datagrams", row.datagrams);
  }
};

struct WorkersReport {
  std::vector<ProcessRow> processes{};
  friend bool operator==(const WorkersReport&, const WorkersReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("processes", report.processes); }
};

struct MetricsReport {
  std::string text{};  // in the text format of Prometheus, version 0.0.4
  friend bool operator==(const MetricsReport&, const MetricsReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("text", report.text); }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
