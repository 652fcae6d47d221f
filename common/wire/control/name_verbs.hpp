// SPDX-License-Identifier: GPL-3.0-or-later
// name_verbs.hpp — the rows of the verbs about owned names and tokens.
//
// Runs in:   chatctl and gateway. Pure.
// See:       verbs.hpp, which has all verbs.
#pragma once

#include "common/wire/control/name_reports.hpp"
#include "common/wire/control/verb.hpp"

namespace chatd::wire::verb {

inline constexpr VerbOf<NamesReport> kNames{
    {.name = "names", .help = "List the owned names and their keys."}};
inline constexpr VerbOf<ChangedNameReport> kNameGive{
    {.name = "name give",
     .usage = "NAME FINGERPRINT",
     .help = "Make NAME belong to the user with that key.",
     .min_args = 2,
     .max_args = 2,
     .mutating = true,
     .privileged = true,
     .lasts = true}};
inline constexpr VerbOf<ChangedNameReport> kNameTake{
    {.name = "name take",
     .usage = "NAME",
     .help = "Take NAME from its owner: everybody can have it.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .privileged = true,
     .lasts = true}};
inline constexpr VerbOf<ChangedNameReport> kNameRest{
    {.name = "name rest",
     .usage = "NAME",
     .help = "Keep NAME for its owner for 30 days, and then for nobody.",
     .min_args = 1,
     .max_args = 1,
     .mutating = true,
     .privileged = true,
     .lasts = true}};
inline constexpr VerbOf<TokenReport> kToken{
    {.name = "token",
     .usage = "NAME",
     .help = "Make a token with which a bot enters as NAME.",
     .min_args = 1,
     .max_args = 1,
     .options = "--revoke",
     .mutating = true,
     .privileged = true,
     .lasts = true}};

}  // namespace chatd::wire::verb
