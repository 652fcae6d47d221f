// SPDX-License-Identifier: GPL-3.0-or-later
// member_lines.hpp — answers a question of a member: the lines of a room that it may read.
//
// Runs in:   archive.
// Borrows:   the database.
// Invariant: no line below Question::from is in an answer, and none says whether there is one. Of a
//            gap that begins below it an answer has the part from there on. An answer has at most
//            kMaxLines lines and about kMaxBytes bytes, however many are stored: each page is read
//            by the index of (room, number).
#pragma once

#include <cstddef>

#include "daemon/archive/history_db.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::archive {

inline constexpr std::size_t kMaxMemberLines = 50;
inline constexpr std::size_t kMaxMemberBytes = std::size_t{24} << 10U;  // of texts

// `database`: null if it is not open. A fault is an answer that is not `is_read`.
[[nodiscard]] sys::Answer answer_question(HistoryDb* database, const sys::Question& question);

}  // namespace chatd::archive
