// SPDX-License-Identifier: GPL-3.0-or-later
// kept_table.hpp — a table of rows of one type that last on disk, and the only code that changes
// its rows.
//
// Runs in:   gateway (changes). Other roles may read the rows, see copy_row().
// Borrows:   the StateView. Owns: the list of the free rows.
// Invariant: a row is made and removed with one store, and each change has a version
//            (registry_head.hpp). A gateway that is killed at any instruction leaves the row as it
//            was before, or as it is afterwards; of a change() of several fields, those that were
//            stored so far. A row takes memory only once it was used.
// Shape:     the number of a row is its place. A removed row is used again; other rows keep theirs.
// Hot path:  row(), is_made() and for_each() do not allocate.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "daemon/state/kept_list.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

template <class Row>
class KeptTable {
 public:
  explicit KeptTable(const StateView& state) noexcept
      : head_{state.kept_head<Row>()},
        registry_{state.registry_head()},
        rows_{state.kept_rows<Row>()} {}

  // Called once, before add(): finishes the change that a killed gateway has begun, and finds the
  // free rows. Rows that are damaged are removed.
  void adopt() {
    free_.clear();
    for (std::uint32_t at = used(); at > 0; --at) adopt_row(at - 1);
  }

  // The number of rows that were in use at some time. No row from there on is read.
  [[nodiscard]] std::uint32_t used() const noexcept {
    return std::min(head_.used.load(std::memory_order_relaxed), capacity());
  }
  [[nodiscard]] std::uint32_t capacity() const noexcept {
    return static_cast<std::uint32_t>(rows_.size());
  }
  // The rows that are made. After adopt().
  [[nodiscard]] std::uint32_t size() const noexcept {
    return used() - static_cast<std::uint32_t>(free_.size());
  }
  [[nodiscard]] bool is_full() const noexcept { return size() == capacity(); }
  [[nodiscard]] const Row& row(std::uint32_t at) const noexcept { return rows_[at]; }
  [[nodiscard]] bool is_made(std::uint32_t at) const noexcept {
    return at < used() && row(at).phase.load(std::memory_order_relaxed) == KeptPhase::made;
  }
  // Calls take(number, row) for each row that is made; it may remove that row.
  template <class Take>
  void for_each(Take take) const {
    for (std::uint32_t at = 0; at < used(); ++at) {
      if (is_made(at)) take(at, row(at));
    }
  }

  // fill(row) sets the fields that are not 0. It leaves the phase and the version alone, and calls
  // nothing that reads this table. nullopt: no row is free.
  template <class Fill>
  std::optional<std::uint32_t> add(Fill fill) {
    if (is_full()) return std::nullopt;
    const std::uint32_t at = free_.empty() ? used() : free_.back();
    if (free_.empty()) {
      head_.used.store(at + 1, std::memory_order_release);
      crash_point();
    } else {
      free_.pop_back();
    }
    const Change change{*this, rows_[at]};
    clear(rows_[at]);
    fill(rows_[at]);
    crash_point();
    rows_[at].phase.store(KeptPhase::made, std::memory_order_release);
    crash_point();
    return at;
  }
  // change(row) stores fields of a row that is made. If there are several, the row must be right
  // after each of these stores, in their order; otherwise add another row and remove this one.
  template <class Store>
  void change(std::uint32_t at, Store store) {
    const Change change{*this, rows_[at]};
    store(rows_[at]);
    crash_point();
  }
  // The values of the row stay until it is made again. Does nothing if it is not made.
  void remove(std::uint32_t at) {
    if (!is_made(at)) return;
    {
      const Change change{*this, rows_[at]};
      rows_[at].phase.store(KeptPhase::free, std::memory_order_release);
      crash_point();
    }
    free_.push_back(at);
  }

 private:
  // A RowChange whose number the table's head has first.
  class Change {
   public:
    Change(KeptTable& table, Row& row) noexcept
        : change_{announced(table.head_, table.registry_), row.version} {}

   private:
    static RegistryHead& announced(KeptHead& head, RegistryHead& registry) noexcept {
      head.changed.store(registry.version.load(std::memory_order_relaxed) + 2,
                         std::memory_order_release);
      crash_point();
      return registry;
    }
    RowChange change_;
  };

  void adopt_row(std::uint32_t at) {
    Row& row = rows_[at];
    if (is_unfinished(registry_, row.version)) const Change again{*this, row};
    if (is_made(at) && is_possible(row)) return;
    if (is_made(at)) return remove(at);
    free_.push_back(at);
  }
  static void clear(Row& row) noexcept {
    constexpr std::array<std::byte, sizeof(Row) - kKeptRowHeadBytes> kZeros{};
    logs::store_words(reinterpret_cast<std::byte*>(&row) + kKeptRowHeadBytes, kZeros.data(),
                      kZeros.size());
  }

  KeptHead& head_;
  RegistryHead& registry_;
  std::span<Row> rows_;
  std::vector<std::uint32_t> free_;
};

}  // namespace chatd::state
