// SPDX-License-Identifier: GPL-3.0-or-later
// control_reports.hpp — the answers to the verbs that change something or give one value.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: members are only ever added.
// See:       common/base/fields.hpp, for fields(); status_reports.hpp and room_reports.hpp, for
//            the other verbs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/control/report_json.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)

// The report of a verb that has nothing to report: {}.
struct EmptyReport {
  friend bool operator==(const EmptyReport&, const EmptyReport&) = default;

  static constexpr void fields(auto& /*visit*/, auto& /*report*/) {}
};

struct ReloadReport {
  std::vector<std::string> changed{};  // names of settings
  std::vector<std::string> needs_restart{};
  std::vector<std::string> warnings{};  // whole sentences
  friend bool operator==(const ReloadReport&, const ReloadReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("changed", report.changed);
    visit("needs_restart", report.needs_restart);
    visit("warnings", report.warnings);
  }
};

struct KickReport {
  std::string name{};
  std::string address{};
  std::string room{};  // "": the server
  friend bool operator==(const KickReport&, const KickReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("name", report.name);
    visit("address", report.address);
    visit("room", report.room);
  }
};

struct AnnounceReport {
  std::uint64_t members{0};
  std::string room{};  // "": every member of the server
  friend bool operator==(const AnnounceReport&, const AnnounceReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("members", report.members);
    visit("room", report.room);
  }
};

struct StopReport {
  pid_t pid{0};  // of the process that ends last
  friend bool operator==(const StopReport&, const StopReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("pid", report.pid); }
};

struct VersionReport {
  std::string version{};
  friend bool operator==(const VersionReport&, const VersionReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("version", report.version); }
};

struct FingerprintReport {
  std::string fingerprint{};
  friend bool operator==(const FingerprintReport&, const FingerprintReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("fingerprint", report.fingerprint);
  }
};

// Of the server's identity, which clients store, and of its certificate.
struct KeyReport {
  std::string fingerprint{};  // of the identity
  std::string key{};          // fingerprint of the key that the certificate is for
  std::uint64_t serial{0};
  std::string end{};         // the last day of the certificate, as "2027-11-30"
  bool has_identity{false};  // the secret half of the identity is on the server
  std::string request{};     // "": the key is the one in use; else to be signed elsewhere
  friend bool operator==(const KeyReport&, const KeyReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("fingerprint", report.fingerprint);
    visit("key", report.key);
    visit("serial", report.serial);
    visit("end", report.end);
    visit("has_identity", report.has_identity);
    visit("request", report.request);
  }
};

// The output of `chatctl upgrade`; the daemon answers with an EmptyReport.
struct UpgradeSummary {
  std::string from{};  // versions
  std::string to{};
  pid_t pid{0};
  std::uint64_t sessions{0};

  static constexpr void fields(auto& visit, auto& report) {
    visit("from", report.from);
    visit("to", report.to);
    visit("pid", report.pid);
    visit("sessions", report.sessions);
  }
};

// The output of `chatctl version`.
struct VersionPair {
  std::string client{};
  std::optional<std::string> daemon;  // nullopt: the daemon gave no answer

  static constexpr void fields(auto& visit, auto& report) {
    visit("client", report.client);
    visit("daemon", report.daemon);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
