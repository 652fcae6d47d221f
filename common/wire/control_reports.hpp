// SPDX-License-Identifier: GPL-3.0-or-later
// control_reports.hpp — the daemon's answer to each verb, as plain values and as JSON.
//
// Runs in:   gateway (to JSON) and chatctl (from JSON).
// Invariant: the JSON has raw units: times in RFC 3339 UTC, durations in seconds. Members
//            are only ever added; a reader ignores those that it does not know.
// Errors:    Result, when the text is not JSON, or a member is missing or has another type.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

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
  std::vector<std::pair<std::string, std::uint64_t>> counters{};  // in the order to be shown
  friend bool operator==(const StatusReport&, const StatusReport&) = default;
};

struct UserRow {
  std::string name{};
  std::string address{};
  std::string protocol{};  // "text"
  WallTime joined{};
  std::chrono::seconds idle{};
  std::uint64_t messages{0};
  friend bool operator==(const UserRow&, const UserRow&) = default;
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
};

struct ReloadReport {
  std::vector<std::string> changed{};
  std::vector<std::string> needs_restart{};
  std::vector<std::string> warnings{};  // whole sentences; a daemon before 0.2 sends none
  friend bool operator==(const ReloadReport&, const ReloadReport&) = default;
};

struct KickReport {
  std::string name{};
  std::string address{};
  friend bool operator==(const KickReport&, const KickReport&) = default;
};

struct AnnounceReport {
  std::uint64_t members{0};
};

struct StopReport {
  pid_t pid{0};  // of the process that ends last
};

// The report of `chatctl upgrade`.
struct UpgradeReport {
  std::string from{};  // versions
  std::string to{};
  pid_t pid{0};
  std::uint64_t sessions{0};
};

struct VersionReport {
  std::string version{};
};

struct FingerprintReport {
  std::string fingerprint{};
};

// The report of `chatctl version`.
struct VersionPair {
  std::string client{};
  std::optional<std::string> daemon;  // none: it gave no answer
};
// NOLINTEND(readability-redundant-member-init)

// Each gives one JSON object on one line. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const StatusReport& report);
[[nodiscard]] std::string to_json(const std::vector<UserRow>& users);
[[nodiscard]] std::string to_json(const std::vector<ProcessRow>& processes);
[[nodiscard]] std::string to_json(const ReloadReport& report);
[[nodiscard]] std::string to_json(const KickReport& report);
[[nodiscard]] std::string to_json(const AnnounceReport& report);
[[nodiscard]] std::string to_json(const StopReport& report);
[[nodiscard]] std::string to_json(const UpgradeReport& report);
[[nodiscard]] std::string to_json(const VersionReport& report);
[[nodiscard]] std::string to_json(const FingerprintReport& report);
[[nodiscard]] std::string to_json(const VersionPair& versions);

[[nodiscard]] Result<StatusReport> parse_status(std::string_view json);
[[nodiscard]] Result<std::vector<UserRow>> parse_users(std::string_view json);
[[nodiscard]] Result<std::vector<ProcessRow>> parse_processes(std::string_view json);
[[nodiscard]] Result<ReloadReport> parse_reload(std::string_view json);
[[nodiscard]] Result<KickReport> parse_kick(std::string_view json);
[[nodiscard]] Result<AnnounceReport> parse_announce(std::string_view json);
[[nodiscard]] Result<StopReport> parse_stop(std::string_view json);
[[nodiscard]] Result<VersionReport> parse_version(std::string_view json);
[[nodiscard]] Result<FingerprintReport> parse_fingerprint(std::string_view json);

}  // namespace chatd::wire
