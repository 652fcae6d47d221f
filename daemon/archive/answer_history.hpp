// SPDX-License-Identifier: GPL-3.0-or-later
// answer_history.hpp — the answer to `chatctl history`.
//
// Runs in:   archive.
#pragma once

#include "common/wire/control/control_message.hpp"
#include "daemon/archive/history_db.hpp"

namespace chatd::archive {

// A page of a room, the newest one first.
[[nodiscard]] wire::ControlReply answer_history(HistoryDb& database,
                                                const wire::ControlRequest& request);

}  // namespace chatd::archive
