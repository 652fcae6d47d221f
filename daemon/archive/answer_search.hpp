// SPDX-License-Identifier: GPL-3.0-or-later
// answer_search.hpp — the answer to `chatctl search`.
//
// Runs in:   archive.
#pragma once

#include "common/wire/control/control_message.hpp"
#include "daemon/archive/history_db.hpp"

namespace chatd::archive {

// A page of what is found in all rooms, or in one, the newest line first.
[[nodiscard]] wire::ControlReply answer_search(HistoryDb& database,
                                               const wire::ControlRequest& request);

}  // namespace chatd::archive
