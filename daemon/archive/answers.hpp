// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — limits, options and lines, which the answers to several verbs have in common.
//
// Runs in:   archive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/verb.hpp"
#include "daemon/archive/history_db.hpp"

namespace chatd::archive {

// An answer of this size fits into a caller's socket buffer, of 208 KiB.
inline constexpr std::size_t kLinesOfAPage = 200;
inline constexpr std::size_t kBytesOfAPage = std::size_t{32} << 10U;

[[nodiscard]] std::unexpected<wire::ControlError> refuse(std::string_view code,
                                                         std::string message);

// The value of an option of the verb; "": it is not given.
[[nodiscard]] std::string_view text_in(const wire::ControlRequest& request, const wire::Verb& verb,
                                       std::string_view option);
// The number in an option; not given: `otherwise`. nullopt: it is none.
[[nodiscard]] std::optional<std::uint64_t> number_in(const wire::ControlRequest& request,
                                                     const wire::Verb& verb,
                                                     std::string_view option,
                                                     std::uint64_t otherwise);

// A line as chatctl shows it.
[[nodiscard]] wire::HistoryRow row_of(const HistoryDb::StoredLine& line);

}  // namespace chatd::archive
