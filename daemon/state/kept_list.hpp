// SPDX-License-Identifier: GPL-3.0-or-later
// kept_list.hpp — the list of all kept tables: tables of the shared memory whose rows last on disk.
//
// Runs in:   every role. Pure; computed by the compiler.
// Invariant: the place in memory, the rows in registry.db and registry.json, in the snapshot and
//            after a cold start, and the hash of the layout follow from this list. A new table is
//            one line here, the struct of its row (kept_row.hpp says what it needs) and the list
//            of its fields (daemon/handover/kept_table_fields.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "daemon/state/block_row.hpp"
#include "daemon/state/invitation_rows.hpp"
#include "daemon/state/kept_row.hpp"
#include "daemon/state/name_row.hpp"
#include "daemon/state/waiting_row.hpp"

namespace chatd::state {

// The sizes of the region that the number of rows of a table may depend on.
struct KeptSizes {
  std::uint32_t sessions;
  std::uint32_t rooms;
  std::uint32_t names;  // limits.names
};

// The name of a table as an argument of a template.
template <std::size_t N>
struct TableName {
  // Implicit: it is written as a text.
  // NOLINTNEXTLINE(google-explicit-constructor)
  consteval TableName(const char (&text)[N]) { std::copy_n(text, N, bytes.begin()); }
  [[nodiscard]] constexpr std::string_view view() const { return {bytes.data(), N - 1}; }
  std::array<char, N> bytes{};
};

// Whether registry.json has the rows, too, which people and other programs read.
enum class InCopy : bool { no, yes };

template <class RowType, TableName Name, std::uint32_t (*Rows)(const KeptSizes&), InCopy Copy>
struct KeptEntry {
  static_assert(KeptRow<RowType>);
  static_assert(offsetof(RowType, phase) == 0 && offsetof(RowType, version) == 8);
  using Row = RowType;
  static constexpr std::string_view kName = Name.view();  // in the registry and the snapshot
  static constexpr bool kIsInCopy = Copy == InCopy::yes;
  [[nodiscard]] static constexpr std::uint32_t rows(const KeptSizes& sizes) { return Rows(sizes); }
};

template <class... Entries>
struct KeptEntries {
  static constexpr std::size_t kCount = sizeof...(Entries);
  static constexpr std::array<std::string_view, kCount> kNames{Entries::kName...};
  static constexpr std::array<bool, kCount> kIsInCopy{Entries::kIsInCopy...};

  // Calls visit(entry, number) for each table, in the order of the list; entry has the type of the
  // line and no value.
  template <class Visit>
  static constexpr void for_each(Visit visit) {
    std::size_t number = 0;
    (visit(Entries{}, number++), ...);
  }
  // The place of the table in the list.
  template <class Row>
  [[nodiscard]] static consteval std::size_t number_of() {
    static_assert((std::is_same_v<Row, typename Entries::Row> || ...), "a line of kept_list.hpp");
    std::size_t number = 0;
    bool is_found = false;
    ((is_found = is_found || std::is_same_v<Row, typename Entries::Row>,
      number += is_found ? 0U : 1U),
     ...);
    return number;
  }
  template <class Row>
  [[nodiscard]] static constexpr std::uint32_t rows_of(const KeptSizes& sizes) {
    std::uint32_t rows = 0;
    ((rows += std::is_same_v<Row, typename Entries::Row> ? Entries::rows(sizes) : 0U), ...);
    return rows;
  }
  // Of the names and the sizes of the rows, in their order: see abi.hpp.
  [[nodiscard]] static consteval std::uint32_t hash() {
    std::uint32_t hash = 2166136261U;  // FNV-1a
    const auto add = [&hash](std::size_t part) {
      hash = (hash ^ static_cast<std::uint32_t>(part)) * 16777619U;
    };
    const auto add_entry = [&add](std::string_view name, std::size_t bytes) {
      for (const char letter : name) add(static_cast<unsigned char>(letter));
      add(bytes);
    };
    (add_entry(Entries::kName, sizeof(typename Entries::Row)), ...);
    return hash;
  }
};

constexpr std::uint32_t rows_of_names(const KeptSizes& sizes) { return sizes.names; }
constexpr std::uint32_t rows_of_name_keys(const KeptSizes& sizes) {
  return name_key_rows(sizes.names);
}
constexpr std::uint32_t rows_of_waiting(const KeptSizes& /*sizes*/) { return kWaitingRows; }
constexpr std::uint32_t rows_of_blocks(const KeptSizes& /*sizes*/) { return kBlockRows; }

constexpr std::uint32_t rows_of_invitations(const KeptSizes& /*sizes*/) { return kInvitationRows; }
constexpr std::uint32_t rows_of_admissions(const KeptSizes& /*sizes*/) { return kAdmissionRows; }
constexpr std::uint32_t rows_of_known(const KeptSizes& /*sizes*/) { return kKnownPersonRows; }

// The order is part of the layout only: on disk a table is found by its name, which never changes.
using KeptTables =
    KeptEntries<KeptEntry<OwnedNameRow, "names", rows_of_names, InCopy::yes>,
                KeptEntry<NameKeyRow, "name_keys", rows_of_name_keys, InCopy::yes>,
                KeptEntry<WaitingRow, "waiting", rows_of_waiting, InCopy::no>,
                KeptEntry<BlockRow, "blocks", rows_of_blocks, InCopy::yes>,
                KeptEntry<InvitationRow, "invitations", rows_of_invitations, InCopy::yes>,
                KeptEntry<AdmissionRow, "admissions", rows_of_admissions, InCopy::yes>,
                // Without them persons have to be known anew for a day.
                KeptEntry<KnownPersonRow, "known", rows_of_known, InCopy::no>>;

static_assert(kKeptHeadsOffset + KeptTables::kCount * sizeof(KeptHead) <= 4096);

}  // namespace chatd::state
