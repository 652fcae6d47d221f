// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/kept_tables.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <utility>

#include "daemon/handover/kept_reader.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/kept_table.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::KeptPhase;
using state::KeptTables;

namespace {

template <class Row>
json rows_of(const state::StateView& state) {
  json rows = json::array();
  state::KeptTable<Row>{state}.for_each([&rows](std::uint32_t /*at*/, const Row& row) {
    json written;
    write_kept(written, row);
    rows.push_back(std::move(written));
    state::crash_point();
  });
  return rows;
}

// False: a value is missing or has another type, or cannot be right. The next row overwrites it.
template <class Row>
bool is_row_read(const json& from, Row& row) {
  try {
    read_kept(from, row);
    return is_possible(row);
  } catch (const std::exception&) {
    return false;
  }
}

template <class Row>
void read_rows(const json& from, const state::StateView& state, RestoredRows& restored) {
  const auto rows = state.kept_rows<Row>();
  auto& used = state.kept_head<Row>().used;
  std::uint32_t at = 0;
  for (const json& written : from) {
    if (at == rows.size() || !is_row_read(written, rows[at])) {
      ++restored.left_out;
      continue;
    }
    used.store(at + 1, std::memory_order_relaxed);
    state::crash_point();
    rows[at++].phase.store(KeptPhase::made, std::memory_order_release);
    state::crash_point();
    ++restored.restored;
  }
}

}  // namespace

void write_kept_tables(json& snapshot, const state::StateView& state) {
  KeptTables::for_each([&](auto entry, std::size_t /*number*/) {
    using Entry = decltype(entry);
    snapshot[std::string{Entry::kName}] = rows_of<typename Entry::Row>(state);
  });
}

RestoredRows read_kept_tables(const json& document, const state::StateView& state) {
  RestoredRows restored;
  KeptTables::for_each([&](auto entry, std::size_t /*number*/) {
    using Entry = decltype(entry);
    const auto rows = document.find(Entry::kName);
    if (rows == document.end() || !rows->is_array()) return;
    read_rows<typename Entry::Row>(*rows, state, restored);
  });
  return restored;
}

}  // namespace chatd::handover
