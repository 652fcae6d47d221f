// SPDX-License-Identifier: GPL-3.0-or-later
// history_verbs.hpp — the rows of the verbs about what is stored. The archive answers them, on the
// connection that the gateway passes to it.
//
// Runs in:   chatctl, gateway and archive. Pure.
// See:       verbs.hpp, which has all verbs.
#pragma once

#include "common/wire/control/long_reports.hpp"
#include "common/wire/control/verb.hpp"

namespace chatd::wire::verb {

inline constexpr VerbOf<HistoryReport> kHistory{{.name = "history",
                                                 .usage = "ROOM",
                                                 .help = "Show what was said in a room.",
                                                 .min_args = 1,
                                                 .max_args = 1,
                                                 .options = "--lines --before --after --follow",
                                                 .mutating = true,
                                                 .privileged = true}};
inline constexpr VerbOf<SearchReport> kSearch{
    {.name = "search",
     .usage = "TEXT",
     .help = "Look for words in what is stored of all rooms, or of one.",
     .min_args = 1,
     .max_args = 1,
     .takes_room = true,
     .options = "--lines --before --from --since",
     .mutating = true,
     .privileged = true,
     .joins_words = true}};
// Behind the answer there are more lines, see ExportReport.
inline constexpr VerbOf<ExportReport> kExport{
    {.name = "export",
     .help = "Write all stored lines, as one JSON object each.",
     .takes_room = true,
     .options = "--author --since",
     .mutating = true,
     .privileged = true}};
// The argument is the file that chatctl writes: the daemon gets "". Behind the answer there are the
// bytes, see BackupReport.
inline constexpr VerbOf<BackupReport> kBackup{
    {.name = "backup",
     .usage = "FILE",
     .help = "Copy the stored state into FILE, while the daemon runs.",
     .min_args = 1,
     .max_args = 1,
     .options = "--with-key",
     .mutating = true,
     .privileged = true}};
inline constexpr VerbOf<ErasedReport> kErase{
    {.name = "erase",
     .help = "Erase what was said: a line, or all of an author, room or time.",
     .takes_room = true,
     .options = "--message --author --before --now --dry-run --yes",
     .mutating = true,
     .privileged = true}};

}  // namespace chatd::wire::verb
