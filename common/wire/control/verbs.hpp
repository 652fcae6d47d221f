// SPDX-License-Identifier: GPL-3.0-or-later
// verbs.hpp — the table of verbs: the requests that a running daemon answers. Each row has the
// type of its report.
//
// Runs in:   chatctl (requests, --help, `help VERB`) and gateway (dispatch). A test holds
//            man/chatctl.1 to it.
// Invariant: names are unique.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/event_reports.hpp"
#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/history_verbs.hpp"
#include "common/wire/control/invitation_verbs.hpp"
#include "common/wire/control/name_verbs.hpp"
#include "common/wire/control/room_verbs.hpp"
#include "common/wire/control/rule_verbs.hpp"
#include "common/wire/control/saving.hpp"
#include "common/wire/control/status_reports.hpp"
#include "common/wire/control/verb.hpp"
#include "common/wire/control/web_reports.hpp"

namespace chatd::wire {

namespace verb {
inline constexpr VerbOf<StatusReport> kStatus{
    {.name = "status",
     .help = "Show whether all is well, then version, sessions and counters.",
     .watchable = true}};
// The argument is the cursor of the last answer, which chatctl adds, see EventFeed.
inline constexpr VerbOf<EventsReport> kEvents{
    {.name = "events", .help = "Follow joins, leaves, kicks, refusals and deaths.", .max_args = 1}};
inline constexpr VerbOf<WorkersReport> kWorkers{
    {.name = "workers",
     .help = "List the daemon's processes, their states and restarts.",
     .watchable = true}};
inline constexpr VerbOf<WebReport> kWeb{
    {.name = "web",
     .help = "Print the addresses of the page for browsers, and a QR code.",
     .takes_room = true,
     .room_help = "Print addresses at which the page opens that room."}};
inline constexpr VerbOf<MetricsReport> kMetrics{
    {.name = "metrics", .help = "Print all figures in the text format of Prometheus."}};
inline constexpr VerbOf<ArchiveReport> kArchive{
    {.name = "archive",
     .help = "Show what is stored on disk, and whether storing goes well.",
     .watchable = true}};
inline constexpr VerbOf<FingerprintReport> kFingerprint{
    {.name = "fingerprint", .help = "Show the identity's fingerprint, for users to compare."}};
inline constexpr VerbOf<KeyReport> kKey{
    {.name = "key", .help = "Show the identity, the key and the end of its certificate."}};
inline constexpr VerbOf<KeyReport> kKeyRenew{
    {.name = "key renew",
     .help = "Make another key for the same identity, or a request.",
     .mutating = true,
     .privileged = true}};
inline constexpr VerbOf<KeyReport> kKeyInstall{
    {.name = "key install",
     .usage = "CERTIFICATE",
     .help = "Use a certificate that was made of a request.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .privileged = true}};
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
                                            .joins_words = true,
                                            .client_only = true}};

// All of them, in the order of --help and of the manual.
inline constexpr std::tuple kAll{
    kStatus,     kUsers,       kRooms,     kRoom,          kRoomMake,     kRoomKeep, kRoomDrop,
    kRoomRename, kRoomSet,     kRoomOwner, kRoomModerator, kAnnounce,     kKick,     kBan,
    kMute,       kUnban,       kUnmute,    kBans,          kNames,        kNameGive, kNameTake,
    kNameRest,   kToken,       kInvite,    kInvites,       kInviteRevoke, kHistory,  kSearch,
    kExport,     kBackup,      kErase,     kArchive,       kEvents,       kWorkers,  kWeb,
    kMetrics,    kFingerprint, kKey,       kKeyRenew,      kKeyInstall,   kReload,   kUpgrade,
    kStop,       kPing,        kVersion,   kHelp};
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

// The answer to a verb whose changes last says whether they are on disk.
static_assert(std::apply(
    [](const auto&... verbs) {
      return ((verbs.row.lasts ==
               SaidToLast<typename std::remove_cvref_t<decltype(verbs)>::Report>)&&...);
    },
    verb::kAll));

// Null when there is no such verb. There are no abbreviations: a later verb could change them.
[[nodiscard]] const Verb* find_verb(std::string_view name) noexcept;

// The verb at the beginning of a command line, and how many words its name takes: "room make lab"
// is `room make`, "room lab" is `room`. Null and one word when there is no such verb.
struct VerbInWords {
  const Verb* verb;
  std::size_t words;
};
[[nodiscard]] VerbInWords find_verb(std::span<const std::string> words);

// The verb that was probably meant, "" if none is near.
[[nodiscard]] std::string_view nearest_verb(std::string_view name);

}  // namespace chatd::wire
