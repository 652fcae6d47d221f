// SPDX-License-Identifier: GPL-3.0-or-later
// kept_tables.hpp — the kept tables (daemon/state/kept_list.hpp) in a snapshot and in the registry.
//
// Runs in:   supervisor, while no child runs; the loader of daemon/restore.
// Shape:     for each table a member with its name: an array of the rows that are made, each an
//            object of the fields of kept_table_fields.hpp. A document without it has no rows.
// Invariant: a damaged row is left out, and the others are restored, as many as there are rows.
// Errors:    none; what is left out is counted.
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include "daemon/handover/kept_table_fields.hpp"
#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/registry_text.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

void write_kept_tables(nlohmann::json& snapshot, const state::StateView& state);

struct RestoredRows {
  std::size_t restored{0};
  std::size_t left_out{0};  // damaged, or without a row in the region
};
// Restores the rows of all tables into a new region.
[[nodiscard]] RestoredRows read_kept_tables(const nlohmann::json& document,
                                            const state::StateView& state);

// A row as the registry has it.
template <state::KeptRow Row>
[[nodiscard]] std::string text_of(const Row& row) {
  nlohmann::json written;
  write_kept(written, row);
  return as_text(std::move(written));
}

}  // namespace chatd::handover
