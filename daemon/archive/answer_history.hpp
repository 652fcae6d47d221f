// SPDX-License-Identifier: GPL-3.0-or-later
// answer_history.hpp — the answer to `chatctl history`.
//
// Runs in:   archive.
#pragma once

#include <expected>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/history_reports.hpp"
#include "daemon/archive/history_db.hpp"

namespace chatd::archive {

// A page of a room: the newest lines, those before a line, or those after it.
[[nodiscard]] std::expected<wire::HistoryReport, wire::ControlError> history_report(
    HistoryDb& database, const wire::ControlRequest& request);
[[nodiscard]] wire::ControlReply answer_history(HistoryDb& database,
                                                const wire::ControlRequest& request);

}  // namespace chatd::archive
