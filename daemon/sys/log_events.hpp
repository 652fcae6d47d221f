// SPDX-License-Identifier: GPL-3.0-or-later
// log_events.hpp — the events that chatd logs, and their journal message ids.
//
// Runs in:   every process; plain data.
// Invariant: an id belongs to one kind of event for ever (`journalctl MESSAGE_ID=...`, the message
//            catalog). A new event gets one from `systemd-id128 new`. See journal_sink.cpp for a
//            check.
#pragma once

#include <algorithm>
#include <array>

#include "daemon/sys/log_event.hpp"
#include "daemon/sys/member_log_events.hpp"

namespace chatd::sys {

inline constexpr std::array kServiceEvents{
    LogEvent{.name = "start",
             .message_id = "3fc5f2785f4648a4a27b7b8d020fcfc7",
             .description = "The daemon has read its configuration and begins to start."},
    LogEvent{.name = "ready",
             .message_id = "58ed1e6d9f704e438b50b6ebb30a0f0f",
             .description = "Every process is up and members can join."},
    LogEvent{.name = "stop",
             .message_id = "becd537a903947938879a61d6ef815e4",
             .description = "The daemon ends in order."},
    LogEvent{.name = "reload",
             .message_id = "e44a221610964f96b25f5606d9e4dea2",
             .description = "The configuration was read again and is in force."},
    LogEvent{.name = "reload_refused",
             .message_id = "860011d63bff4f51b845f238fdb3ae94",
             .description = "The configuration has errors, so the previous one stays in force."},
    LogEvent{.name = "config_warning",
             .message_id = "7240e231d3db457f8b6aa6e5ed392107",
             .description = "A setting has no effect, or another effect than it seems to have."},
    LogEvent{.name = "successor_refused",
             .message_id = "20151dcc80a24c55b13b56b4d283442b",
             .description = "A restart or upgrade has no successor; the message says why."},
};
inline constexpr std::array kProcessEvents{
    LogEvent{.name = "process_died",
             .message_id = "7b91c04651244c5da5ce5c42b229ae09",
             .description = "A process of the daemon ended unexpectedly and will be replaced.",
             .fields = "CHATD_PROCESS"},
    LogEvent{.name = "process_hung",
             .message_id = "ab8c747db3fe47ac8135cddce3689bab",
             .description = "A process of the daemon gave no sign of life and was killed.",
             .fields = "CHATD_PROCESS"},
    LogEvent{.name = "process_started",
             .message_id = "cf075de1e18a4fa68021641d1a5ee0f2",
             .description = "A process of the daemon was started.",
             .fields = "CHATD_PROCESS"},
    LogEvent{.name = "state_adopted",
             .message_id = "9d49f5c78ecf4cb29a93e75086497b3b",
             .description = "The sessions and messages of a previous process were taken over.",
             .fields = "CHATD_MEMBERS"},
    LogEvent{
        .name = "state_lost",
        .message_id = "5b0f7a4be4a14c6f9d6f0f6a0c7d1e52",
        .description = "The state of a previous process cannot be used; the room begins empty."},
    LogEvent{.name = "restored",
             .message_id = "d1cacc2c3bc84e6ab181de8b083a8ca9",
             .description = "Rooms, rules and lines came back from the disk, or could not be read.",
             .fields = "CHATD_STATE"},
    LogEvent{.name = "history",
             .message_id = "48505f77aae84490a9cd615dd7be5815",
             .description = "Messages are stored on disk again, or cannot be stored.",
             .fields = "CHATD_STATE"},
    LogEvent{.name = "registry",
             .message_id = "64684bb26c4e4ce8b01fbdbe4ac46961",
             .description = "Bans, roles and rooms are saved on disk again, or cannot be saved.",
             .fields = "CHATD_STATE"},
    LogEvent{.name = "key",
             .message_id = "5b5920e6f4344a5da2728f913cebaf74",
             .description = "The certificate of the server's key is new, or ends soon.",
             .fields = "CHATD_STATE"},
    LogEvent{.name = "history_gap",
             .message_id = "afb643724cbc431daf0b8ba6970ae9eb",
             .description = "Messages of a room were overwritten before they were stored.",
             .fields = "CHATD_ROOM"},
    LogEvent{.name = "flood",
             .message_id = "b4be2dd830d34fc28e385dd02f5fec07",
             .description = "More arrives than the limits allow, and the excess is dropped.",
             .fields = "CHATD_COUNT"},
};

// All of them, in the order of the manual.
inline constexpr auto kLogEvents = [] {
  std::array<LogEvent, kServiceEvents.size() + kMemberEvents.size() + kProcessEvents.size()> all{};
  auto at = std::ranges::copy(kServiceEvents, all.begin()).out;
  at = std::ranges::copy(kMemberEvents, at).out;
  std::ranges::copy(kProcessEvents, at);
  return all;
}();

// Null for a name that is not in the table.
[[nodiscard]] constexpr const LogEvent* find_log_event(std::string_view name) {
  const auto* const found = std::ranges::find(kLogEvents, name, &LogEvent::name);
  return found == kLogEvents.end() ? nullptr : found;
}

}  // namespace chatd::sys
