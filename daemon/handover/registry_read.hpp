// SPDX-License-Identifier: GPL-3.0-or-later
// registry_read.hpp — restores what lasts from the disk: the rooms that are kept, the rules, the
// properties of rooms, and the kept tables.
//
// Runs in:   the loader of daemon/restore, while no child runs. Pure.
// Shape:     a document {"version": 1, "rooms": [...], "rules": [...], "properties": {...},
//            "last_room": N, "last_rule": N, "memory": N}, with the last ids and
//            RegistryHead::memory, and a list for each kept table; each row has the shape that it
//            has in a snapshot, see snapshot_rooms.hpp and snapshot_rules.hpp, with bytes as text
//            in hexadecimal. A room has no log. Members may be added; an unknown one is ignored.
// Invariant: a row that cannot be right is left out and counted, and the others are restored. No id
//            of a room or of a rule is used twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "daemon/handover/kept_tables.hpp"
#include "daemon/handover/registry_text.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

inline constexpr std::uint64_t kRegistryVersion = kRegistryFormat;
// The lists beside the kept tables, and the numbers of the table `meta` that are read.
inline constexpr std::array<std::string_view, 3> kRegistryLists{"rooms", "rules", "properties"};
inline constexpr std::array<std::string_view, 3> kRegistryNumbers{"last_room", "last_rule",
                                                                  "memory"};

// Reads the text of registry.json. Errors: it is no such document, or of a later version.
[[nodiscard]] Result<nlohmann::json> parse_registry(std::string_view text);

// Makes the same document from the rows of registry.db.
class RegistryRows {
 public:
  // `list`: "rooms", "rules", "properties" or the name of a kept table. A row of another list is
  // ignored.
  void add(std::string_view list, std::string_view value);
  // A number of the table `meta`: "last_room", "last_rule" or "memory". Others are ignored.
  void set(std::string_view name, std::uint64_t value);
  [[nodiscard]] const nlohmann::json& document() const noexcept { return document_; }
  // Rows that are no JSON; document() does not have them.
  [[nodiscard]] std::size_t damaged() const noexcept { return damaged_; }

 private:
  nlohmann::json document_{{"version", kRegistryVersion},
                           {"rooms", nlohmann::json::array()},
                           {"rules", nlohmann::json::array()}};
  std::size_t damaged_{0};
};

struct RestoredRegistry {
  std::size_t rooms{0};
  std::size_t rooms_left_out{0};  // without a row in the region
  std::size_t rules{0};
  std::size_t rules_left_out{0};  // damaged, or without a row in the region
  std::size_t rooms_damaged{0};
  RestoredRows rows;  // of the kept tables
};
// Restores a document into a new region. The rights to read what was said before are those of
// members that may read nothing of it: daemon/restore sets them when the lines are there.
[[nodiscard]] RestoredRegistry restore_registry(const nlohmann::json& document,
                                                const state::StateView& state, WallTime now);

}  // namespace chatd::handover
