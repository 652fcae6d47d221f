// SPDX-License-Identifier: GPL-3.0-or-later
// member_search.hpp — answers the search of a member: in one room, or in all rooms that it is in.
//
// Runs in:   archive.
// Borrows:   the database.
// Invariant: an answer has lines of the question's rooms only, none below QuestionRoom::from, and
//            says nothing of other rooms: it goes on at a line of these rooms, which is older than
//            that of the question before, also if the time was over before anything was found.
#pragma once

#include "daemon/archive/history_db.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::archive {

// Fills lines, room, first, last, has_older and, for one room, base. The lines are those that were
// stored last, in the order of their times.
[[nodiscard]] Result<> search_rooms(HistoryDb& history, const sys::Question& question,
                                    sys::Answer& answer);

}  // namespace chatd::archive
