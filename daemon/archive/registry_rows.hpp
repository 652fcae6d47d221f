// SPDX-License-Identifier: GPL-3.0-or-later
// registry_rows.hpp — reads from shared memory what lasts on disk: the rules of the server and of
// kept rooms, the kept rooms with their properties, the properties of the default room, and the
// kept tables.
//
// Runs in:   archive.
// Borrows:   the StateView.
// Invariant: a row is never a mixture of two states: it is copied between two changes. A row that a
//            killed gateway left half written is not read before its successor has adopted it.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/state/kept_list.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::archive {

// Higher numbers are kept tables, see list_of_table().
enum class KeptList : std::uint8_t { rooms, rules, properties };
inline constexpr std::size_t kFirstTable = 3;
inline constexpr std::size_t kKeptLists = kFirstTable + state::KeptTables::kCount;
// `number`: in the order of state::KeptTables.
[[nodiscard]] constexpr KeptList list_of_table(std::size_t number) noexcept {
  return static_cast<KeptList>(kFirstTable + number);
}

// A row of shared memory.
struct KeptPlace {
  KeptList list{};
  std::uint32_t row{0};  // 0 of `properties`: the default room
  friend auto operator<=>(const KeptPlace&, const KeptPlace&) = default;
};
struct KeptRow {
  KeptPlace place;
  std::optional<std::string> text;  // nullopt: it has nothing any more that lasts
};

class RegistryRows {
 public:
  explicit RegistryRows(const state::StateView& state);

  struct Changes {
    std::uint64_t version{0};  // all changes up to this one are in it
    std::uint32_t last_rule{0};
    std::uint64_t last_room{0};
    std::vector<KeptRow> rows;
  };
  // The rows that have changed since the last call, or whose hits were counted; the first time, all
  // that have something. nullopt: a row is being written; the next call reads all.
  [[nodiscard]] std::optional<Changes> read();
  // The next call of read() reads all.
  void forget();

 private:
  [[nodiscard]] bool read_rooms(Changes& changes);
  [[nodiscard]] bool read_room(state::RoomIndex index, Changes& changes);
  [[nodiscard]] bool read_default_room(Changes& changes) const;
  [[nodiscard]] bool read_rules(Changes& changes);
  [[nodiscard]] bool read_rule(std::uint32_t at, Changes& changes);
  [[nodiscard]] bool lasts(const state::RuleSlot& rule) const;
  [[nodiscard]] bool read_tables(Changes& changes);
  template <class Row>
  [[nodiscard]] bool read_table(std::size_t number, Changes& changes);

  const state::StateView& state_;
  bool is_first_{true};
  std::uint64_t since_{0};
  std::vector<state::RoomId> kept_;  // of each row of a room; kDefaultRoom: none
  std::set<state::RoomId> rooms_;    // the same
  std::set<state::RoomId> new_rooms_;
  // Of each row that has a rule that lasts.
  std::vector<std::optional<std::uint64_t>> hits_;
  // Of each kept table: which rows are made.
  std::array<std::vector<bool>, state::KeptTables::kCount> made_;
};

}  // namespace chatd::archive
