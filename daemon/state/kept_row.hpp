// SPDX-License-Identifier: GPL-3.0-or-later
// kept_row.hpp — the members that every row of a kept table has, and the head of a table.
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout.
// Invariant: a row is in force while its phase is `made`. It is made and removed with one store.
// See:       kept_list.hpp for the list of the tables, kept_table.hpp for the only code that
//            changes them.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "daemon/state/counters.hpp"
#include "daemon/state/registry_head.hpp"

namespace chatd::state {

enum class KeptPhase : std::uint32_t { free, made };

// Written by: gateway.
struct KeptHead {
  // The first row that was never used. Rows from it on are not read: a read would give them memory.
  alignas(kCacheLine) std::atomic<std::uint32_t> used;
  // The version of the last change of one of its rows, or a later one: it is stored before the
  // change. A reader that knows this version need not look at the rows.
  std::atomic<std::uint64_t> changed;
};
inline constexpr std::size_t kKeptHeadsOffset = 2048;  // on the page of the RuleHead

// A row has the phase first, and its version at byte 8: the rest, which add() clears, follows.
// is_possible(row) says whether its values can be right, whoever wrote them.
template <class Row>
concept KeptRow = alignof(Row) == kCacheLine && sizeof(Row) % kCacheLine == 0 &&
                  requires(Row& row, const Row& given) {
  { row.phase } -> std::same_as<std::atomic<KeptPhase>&>;
  { row.version } -> std::same_as<RowVersion&>;
  { is_possible(given) } -> std::same_as<bool>;
};
inline constexpr std::size_t kKeptRowHeadBytes = 16;

}  // namespace chatd::state
