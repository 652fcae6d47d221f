// SPDX-License-Identifier: GPL-3.0-or-later
// room_verbs.hpp — the rows of the verbs about rooms and their members.
//
// Runs in:   chatctl and gateway. Pure.
// See:       verbs.hpp, which has all verbs.
#pragma once

#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/room_change_reports.hpp"
#include "common/wire/control/room_reports.hpp"
#include "common/wire/control/status_reports.hpp"
#include "common/wire/control/verb.hpp"

namespace chatd::wire::verb {

inline constexpr VerbOf<UsersReport> kUsers{
    {.name = "users",
     .help = "List the members: name, address, time of the join.",
     .takes_room = true,
     .watchable = true}};
inline constexpr VerbOf<RoomsReport> kRooms{
    {.name = "rooms", .help = "List the rooms, the default one first.", .watchable = true}};
inline constexpr VerbOf<RoomReport> kRoom{{.name = "room",
                                           .usage = "ROOM",
                                           .help = "Show one room: properties, rules, members.",
                                           .min_args = 1,
                                           .max_args = 1,
                                           .watchable = true}};
inline constexpr VerbOf<MadeRoomReport> kRoomMake{
    {.name = "room make",
     .usage = "ROOM",
     .help = "Make a room that stays without members.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<KeptRoomReport> kRoomKeep{
    {.name = "room keep",
     .usage = "ROOM",
     .help = "Let a temporary room stay without members.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<DroppedRoomReport> kRoomDrop{
    {.name = "room drop",
     .usage = "ROOM",
     .help = "Remove all members from a room, and the room.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<RenamedRoomReport> kRoomRename{{.name = "room rename",
                                                        .usage = "ROOM NEW",
                                                        .help = "Give a room another name.",
                                                        .min_args = 2,
                                                        .max_args = 2,
                                                        .mutating = true,
                                                        .lasts = true}};
inline constexpr VerbOf<RoomSetReport> kRoomSet{
    {.name = "room set",
     .usage = "ROOM PROPERTY VALUE",
     .help = "Set the topic or another property of a room.",
     .min_args = 3,
     .max_args = 3,
     .mutating = true,
     .lasts = true,
     .joins_words = true}};
inline constexpr VerbOf<RoomRoleReport> kRoomOwner{{.name = "room owner",
                                                    .usage = "ROOM NAME",
                                                    .help = "Make a member an owner of a room.",
                                                    .min_args = 2,
                                                    .max_args = 2,
                                                    .options = "--remove",
                                                    .mutating = true,
                                                    .lasts = true}};
inline constexpr VerbOf<RoomRoleReport> kRoomModerator{
    {.name = "room moderator",
     .usage = "ROOM NAME",
     .help = "Make a member a moderator of a room.",
     .min_args = 2,
     .max_args = 2,
     .options = "--remove",
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<AnnounceReport> kAnnounce{
    {.name = "announce",
     .usage = "TEXT",
     .help = "Send TEXT to every member as the administrator.",
     .min_args = 1,
     .max_args = 1,
     .takes_room = true,
     .mutating = true,
     .joins_words = true}};
inline constexpr VerbOf<KickReport> kKick{{.name = "kick",
                                           .usage = "NAME [REASON]",
                                           .help = "End the sessions of NAME and tell why.",
                                           .min_args = 1,
                                           .max_args = 2,
                                           .takes_room = true,
                                           .mutating = true,
                                           .joins_words = true}};

}  // namespace chatd::wire::verb
