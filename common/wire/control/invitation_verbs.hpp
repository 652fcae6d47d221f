// SPDX-License-Identifier: GPL-3.0-or-later
// invitation_verbs.hpp — the rows of the verbs about invitation codes.
//
// Runs in:   chatctl and gateway. Pure.
// See:       verbs.hpp, which has all verbs.
#pragma once

#include "common/wire/control/invitation_reports.hpp"
#include "common/wire/control/verb.hpp"

namespace chatd::wire::verb {

inline constexpr VerbOf<InvitedReport> kInvite{
    {.name = "invite",
     .help = "Make codes with which persons enter.",
     .takes_room = true,
     .room_help = "Invite the persons to that room, too.",
     .options = "--each --uses --for",
     .mutating = true,
     .privileged = true,
     .lasts = true}};
inline constexpr VerbOf<InvitationsReport> kInvites{
    {.name = "invites", .help = "List the codes, and whom each has admitted."}};
inline constexpr VerbOf<RevokedReport> kInviteRevoke{{.name = "invite revoke",
                                                      .usage = "ID",
                                                      .help = "End codes, by their numbers.",
                                                      .min_args = 1,
                                                      .max_args = 1,
                                                      .options = "--with-members",
                                                      .mutating = true,
                                                      .privileged = true,
                                                      .lasts = true}};

}  // namespace chatd::wire::verb
