// SPDX-License-Identifier: GPL-3.0-or-later
// questions.hpp — answers the requests that the gateway passes on, each to the caller itself, on
// the caller's connection.
//
// Runs in:   archive.
// Borrows:   the database.
// Invariant: the gateway has checked that the caller may ask. No answer is waited for: one that
//            does not fit into the caller's socket buffer is cut, and its connection closed.
#pragma once

#include "common/wire/control/control_message.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/sys/archive_channel.hpp"

namespace chatd::archive {

// The answer to a verb of the table in questions.cpp, each of which has a file answer_*.cpp.
// `database`: null if it is not open.
[[nodiscard]] wire::ControlReply answer_question(HistoryDb* database,
                                                 const wire::ControlRequest& request);

// `caller`: its connection.
void answer_request(HistoryDb* database, const sys::Request& request, int caller);

}  // namespace chatd::archive
