// SPDX-License-Identifier: GPL-3.0-or-later
// rule_row.hpp — a ban or a mute as a row of a report.
//
// Runs in:   gateway. Pure.
#pragma once

#include <string>
#include <string_view>

#include "common/wire/control/rule_reports.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::gateway {

// "mute" or "ban"
[[nodiscard]] std::string_view name_of(state::RuleKind kind) noexcept;

// `room` is the name of the rule's room; "": the whole server.
[[nodiscard]] wire::RuleRow row_of(const state::RuleSlot& rule, std::string_view room);
// The row of a rule that is not made: it has no number.
[[nodiscard]] wire::RuleRow row_of(const state::RuleTable::Making& making, std::string_view room);

}  // namespace chatd::gateway
