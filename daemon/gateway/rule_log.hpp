// SPDX-License-Identifier: GPL-3.0-or-later
// rule_log.hpp — the log records of bans and mutes, and of other actions of moderators.
//
// Runs in:   gateway. Pure but for log().
// See:       chatd(8), for the fields.
#pragma once

#include <string_view>

#include "common/base/time.hpp"
#include "common/wire/control/rule_reports.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/chat/line_erasure.hpp"

namespace chatd::gateway {

// `by` is the user id of the administrator.
void log_rule_made(const wire::RuleRow& rule, std::string_view by);
void log_rule_removed(const wire::RuleRow& rule, std::string_view by);
// `by` is the name of the owner or moderator.
void log_moderation(const wire::Moderation& moderation, std::string_view room, std::string_view by,
                    WallTime now);
// A moderator has erased a line of another one.
void log_erasure(const chat::LineErasure::Taken& line, std::string_view room, std::string_view by);

}  // namespace chatd::gateway
