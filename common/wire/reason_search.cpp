// SPDX-License-Identifier: GPL-3.0-or-later
// The searches in the table of reasons.
#include <algorithm>
#include <cassert>

#include "common/wire/reasons.hpp"

namespace chatd::wire {

const ReasonRow& row_of(Reason reason) noexcept {
  assert(is_known(reason));
  return reason_table()[static_cast<std::size_t>(reason)];
}

Reason outcome_of(Reason reason) noexcept { return row_of(reason).outcome; }

std::string_view code_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.code.empty() ? row_of(row.outcome).code : row.code;
}

RefusalCode refusal_code_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.refused.value_or(row_of(row.outcome).refused.value_or(RefusalCode::not_welcome));
}

ByeReason bye_of(Reason reason) noexcept {
  const ReasonRow& row = row_of(reason);
  return row.bye.value_or(row_of(row.outcome).bye.value_or(ByeReason::idle));
}

Reason reason_of(RefusalCode code) noexcept {
  const auto rows = reason_table();
  const auto row = std::ranges::find(rows, code, &ReasonRow::refused);
  return row == rows.end() ? Reason::not_welcome : row->reason;
}

std::optional<Reason> message_refusal_of(std::string_view code) noexcept {
  const auto has_code = [&](const ReasonRow& row) {
    return row.outcome == Reason::message_refused && !row.code.empty() && row.code == code;
  };
  const auto rows = reason_table();
  const auto row = std::ranges::find_if(rows, has_code);
  return row == rows.end() ? std::nullopt : std::optional{row->reason};
}

}  // namespace chatd::wire
