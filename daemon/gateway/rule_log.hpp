// SPDX-License-Identifier: GPL-3.0-or-later
// rule_log.hpp — the log records of bans and mutes, made and removed.
//
// Runs in:   gateway. Pure but for log().
// See:       chatd(8), for the fields.
#pragma once

#include <string_view>

#include "common/wire/control/rule_reports.hpp"

namespace chatd::gateway {

// `by` is the user id of an administrator, or a member's name.
void log_rule_made(const wire::RuleRow& rule, std::string_view by);
void log_rule_removed(const wire::RuleRow& rule, std::string_view by);

}  // namespace chatd::gateway
