// SPDX-License-Identifier: GPL-3.0-or-later
// verbs.hpp — the table of verbs: the requests that a running daemon answers. Each row has the
// type of its report.
//
// Runs in:   chatctl (requests, --help, `help VERB`) and gateway (dispatch). A test holds
//            man/chatctl.1 to it.
// Invariant: names are unique; `min_args <= max_args`.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/status_reports.hpp"

namespace chatd::wire {

struct Verb {
  std::string_view name;
  std::string_view usage{};  // the arguments, as in "NAME [REASON]"
  std::string_view help;     // one sentence
  std::size_t min_args{0};
  std::size_t max_args{0};
  bool mutating{false};       // the daemon logs the caller
  bool replies_early{false};  // the daemon replies when the work has begun
  bool watchable{false};      // chatctl --watch repeats it
  bool joins_words{false};    // chatctl joins all remaining words to the last argument
  bool client_only{false};    // answered by chatctl itself, never sent
};

// A verb and the type of the report that answers it.
template <class ReportType>
struct VerbOf {
  using Report = ReportType;
  Verb row;
};

namespace verb {
inline constexpr VerbOf<StatusReport> kStatus{
    {.name = "status",
     .help = "Show the daemon's version, uptime, sessions and counters.",
     .watchable = true}};
inline constexpr VerbOf<UsersReport> kUsers{
    {.name = "users", .help = "List who is in the room.", .watchable = true}};
inline constexpr VerbOf<AnnounceReport> kAnnounce{
    {.name = "announce",
     .usage = "TEXT",
     .help = "Send TEXT to every member as the administrator.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .joins_words = true}};
inline constexpr VerbOf<KickReport> kKick{{.name = "kick",
                                           .usage = "NAME [REASON]",
                                           .help = "End the session of NAME and tell it why.",
                                           .min_args = 1,
                                           .max_args = 2,
                                           .mutating = true,
                                           .joins_words = true}};
inline constexpr VerbOf<WorkersReport> kWorkers{
    {.name = "workers",
     .help = "List the daemon's processes, their states and restarts.",
     .watchable = true}};
inline constexpr VerbOf<FingerprintReport> kFingerprint{
    {.name = "fingerprint",
     .help = "Show the fingerprint of the server's key, for users to compare."}};
inline constexpr VerbOf<ReloadReport> kReload{
    {.name = "reload",
     .help = "Read the configuration again and say what changed.",
     .mutating = true}};
inline constexpr VerbOf<EmptyReport> kUpgrade{
    {.name = "upgrade",
     .help = "Start the program that is installed now; every session goes on.",
     .mutating = true,
     .replies_early = true}};
inline constexpr VerbOf<StopReport> kStop{{.name = "stop",
                                           .help = "Stop the daemon and wait until it is gone.",
                                           .mutating = true,
                                           .replies_early = true}};
inline constexpr VerbOf<EmptyReport> kPing{
    {.name = "ping", .help = "Measure how fast the daemon answers."}};
inline constexpr VerbOf<VersionReport> kVersion{
    {.name = "version", .help = "Show the versions of chatctl and of the daemon."}};
inline constexpr VerbOf<EmptyReport> kHelp{{.name = "help",
                                            .usage = "[VERB]",
                                            .help = "Explain VERB, or list all verbs.",
                                            .max_args = 1,
                                            .client_only = true}};

// All of them, in the order of --help and of the manual.
inline constexpr std::tuple kAll{kStatus, kUsers,   kAnnounce, kKick, kWorkers, kFingerprint,
                                 kReload, kUpgrade, kStop,     kPing, kVersion, kHelp};
}  // namespace verb

inline constexpr std::array kVerbs =
    std::apply([](const auto&... verbs) { return std::array{verbs.row...}; }, verb::kAll);

// Two verbs with one name must not compile: the second would never be found.
consteval bool verbs_are_sound() {
  for (std::size_t i = 0; i < kVerbs.size(); ++i) {
    if (kVerbs[i].name.empty() || kVerbs[i].min_args > kVerbs[i].max_args) return false;
    for (std::size_t j = i + 1; j < kVerbs.size(); ++j) {
      if (kVerbs[i].name == kVerbs[j].name) return false;
    }
  }
  return true;
}
static_assert(verbs_are_sound());

// Null when there is no such verb. There are no abbreviations: a later verb could change them.
[[nodiscard]] const Verb* find_verb(std::string_view name) noexcept;

// The verb that was probably meant, "" if none is near.
[[nodiscard]] std::string_view nearest_verb(std::string_view name);

}  // namespace chatd::wire
