// SPDX-License-Identifier: GPL-3.0-or-later
// rule_verbs.hpp — the rows of the verbs about bans and mutes.
//
// Runs in:   chatctl and gateway. Pure.
// See:       verbs.hpp, which has all verbs.
#pragma once

#include "common/wire/control/rule_reports.hpp"
#include "common/wire/control/verb.hpp"

namespace chatd::wire::verb {

inline constexpr VerbOf<PlacedReport> kBan{
    {.name = "ban",
     .usage = "TARGET",
     .help = "Keep a member, a key, an address or a network out.",
     .min_args = 1,
     .max_args = 1,
     .takes_room = true,
     .options = "--for --reason --note --dry-run --yes --keep-invite",
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<PlacedReport> kMute{
    {.name = "mute",
     .usage = "TARGET",
     .help = "Let TARGET write nothing that others would read.",
     .min_args = 1,
     .max_args = 1,
     .takes_room = true,
     .options = "--for --reason --note --dry-run --yes",
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<LiftedReport> kUnban{{.name = "unban",
                                              .usage = "TARGET",
                                              .help = "Remove a ban, by its number or its target.",
                                              .min_args = 1,
                                              .max_args = 1,
                                              .takes_room = true,
                                              .mutating = true,
                                              .lasts = true}};
inline constexpr VerbOf<LiftedReport> kUnmute{
    {.name = "unmute",
     .usage = "TARGET",
     .help = "Remove a mute, by its number or its target.",
     .min_args = 1,
     .max_args = 1,
     .takes_room = true,
     .mutating = true,
     .lasts = true}};
inline constexpr VerbOf<RulesReport> kBans{
    {.name = "bans",
     .help = "List bans and mutes, each with the command that undoes it.",
     .takes_room = true}};

}  // namespace chatd::wire::verb
