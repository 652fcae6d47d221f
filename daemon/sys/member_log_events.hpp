// SPDX-License-Identifier: GPL-3.0-or-later
// member_log_events.hpp — the events about members, rules, rooms and administrators.
//
// Runs in:   every process; plain data. A part of the table of log_events.hpp.
#pragma once

#include <array>

#include "daemon/sys/log_event.hpp"

namespace chatd::sys {

inline constexpr std::array kMemberEvents{
    LogEvent{.name = "join",
             .message_id = "3954570c33754d0db0e66c22a92c1dd3",
             .description = "A member joined the server.",
             .fields = "CHATD_USER CHATD_ADDRESS CHATD_PORT"},
    LogEvent{.name = "leave",
             .message_id = "47788f84a1b94809b67bcf939559de50",
             .description = "A member left the server, or its timeout expired.",
             .fields = "CHATD_USER CHATD_ADDRESS CHATD_PORT CHATD_REASON"},
    LogEvent{.name = "program",
             .message_id = "9d5a8df9fb19449fb288ce283f77c1d0",
             .description = "A member logged in with another program, or ended one.",
             .fields = "CHATD_USER CHATD_ADDRESS CHATD_PORT"},
    LogEvent{.name = "crowd",
             .message_id = "0d5684959c2745a1a01f0a8b1c3a9d79",
             .description = "More members joined or left at once than have a record each.",
             .fields = "CHATD_JOINED CHATD_LEFT"},
    LogEvent{.name = "admitted",
             .message_id = "c6e965b7194f48afba366bfa0f34bd90",
             .description = "An invitation code has admitted a person.",
             .fields = "CHATD_USER CHATD_INVITATION"},
    LogEvent{.name = "invitation_made",
             .message_id = "43c678bd7b14495d93b6784af0a92964",
             .description = "An administrator made invitation codes.",
             .fields = "CHATD_INVITATION CHATD_BY"},
    LogEvent{.name = "invitation_revoked",
             .message_id = "9795b417f7334397a3d56e8fd7ef3025",
             .description = "An administrator ended invitation codes.",
             .fields = "CHATD_INVITATION CHATD_BY"},
    LogEvent{
        .name = "kick",
        .message_id = "7054839b0b004cf0a791e5b06543fd20",
        .description = "An administrator removed a member from the server, or from CHATD_ROOM.",
        .fields = "CHATD_USER CHATD_ADDRESS CHATD_PORT CHATD_REASON"},
    LogEvent{
        .name = "ban",
        .message_id = "a6e71a95bda245aab38281716c8963ac",
        .description =
            "A member, a key, a name or a network is banned from the server or from CHATD_ROOM.",
        .fields = "CHATD_RULE CHATD_USER CHATD_BY"},
    LogEvent{.name = "unban",
             .message_id = "bb7218d4913b4c90a68b105a773e9a66",
             .description = "A ban was removed.",
             .fields = "CHATD_RULE CHATD_USER CHATD_BY"},
    LogEvent{.name = "mute",
             .message_id = "fb74b902da5145a0a0d093ada07957cd",
             .description =
                 "A member, a key, a name or a network is muted in the server or in CHATD_ROOM.",
             .fields = "CHATD_RULE CHATD_USER CHATD_BY"},
    LogEvent{.name = "unmute",
             .message_id = "f91a9ea138854f98822803e353ef7081",
             .description = "A mute was removed.",
             .fields = "CHATD_RULE CHATD_USER CHATD_BY"},
    LogEvent{.name = "moderate",
             .message_id = "bc9bbccfdcb8418892cec1d0b3b85b27",
             .description = "An owner or a moderator of a room acted on a user.",
             .fields = "CHATD_ROOM CHATD_USER CHATD_BY CHATD_CHANGE"},
    LogEvent{.name = "announce",
             .message_id = "ef0d3c9a56b44e5da3885145a5acff28",
             .description = "An announcement was sent to every member, or to a room.",
             .fields = "CHATD_MEMBERS"},
    LogEvent{.name = "room",
             .message_id = "406294b28e654e97bfde1e70afa49b15",
             .description = "An administrator made, changed, or dropped a room.",
             .fields = "CHATD_ROOM CHATD_CHANGE"},
    LogEvent{.name = "name_changed",
             .message_id = "6f58d98a35454099ab2a4833ede39242",
             .description = "An administrator gave an owned name, took it, or let it rest.",
             .fields = "CHATD_USER CHATD_BY"},
    LogEvent{.name = "refuse",
             .message_id = "612e5e2d7cb447f293823dccabdca463",
             .description = "A login was refused; the message gives the reason.",
             .fields = "CHATD_ADDRESS CHATD_PORT CHATD_REASON"},
    LogEvent{.name = "control",
             .message_id = "a8ea8d956d9549929ec59c3ed287d503",
             .description = "A verb that changes something, or shows what was said, was used.",
             .fields = "CHATD_VERB CHATD_UID CHATD_PID CHATD_RESULT"},
};

}  // namespace chatd::sys
