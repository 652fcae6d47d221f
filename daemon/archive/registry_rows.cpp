// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry_rows.hpp"

#include <algorithm>
#include <utility>

#include "daemon/handover/kept_tables.hpp"
#include "daemon/handover/registry_text.hpp"
#include "daemon/state/registry_head.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::archive {

using state::RoomId;
using state::RoomIndex;
using state::RoomPhase;

RegistryRows::RegistryRows(const state::StateView& state)
    : state_{state},
      kept_(state.geometry().rooms, state::kDefaultRoom),
      hits_(state.rule_slots().size()) {}

void RegistryRows::forget() {
  is_first_ = true;
  since_ = 0;
  std::ranges::fill(kept_, state::kDefaultRoom);
  rooms_.clear();
  std::ranges::fill(hits_, std::nullopt);
  for (auto& made : made_) made.clear();
}

// The version first: what changes meanwhile has a later one, and is read again.
std::optional<RegistryRows::Changes> RegistryRows::read() {
  Changes changes{.version = state_.registry_head().version.load(std::memory_order_acquire),
                  .last_rule = state_.rule_head().last_id.load(std::memory_order_relaxed),
                  .last_room = state_.keeping().last_room,
                  .rows = {}};
  new_rooms_.clear();
  // The rooms before the rules: only those of kept rooms last.
  if (!read_default_room(changes) || !read_rooms(changes) || !read_rules(changes) ||
      !read_tables(changes)) {
    forget();
    return std::nullopt;
  }
  is_first_ = false;
  since_ = changes.version;
  return changes;
}

bool RegistryRows::read_default_room(Changes& changes) const {
  const state::RoomProperties& shared = state_.properties(std::nullopt);
  if (!is_first_ && shared.version.load(std::memory_order_acquire) <= since_) return true;
  state::RoomProperties properties{};
  if (!copy_row(shared, properties)) return false;
  changes.rows.push_back(
      {.place = {.list = KeptList::properties, .row = 0}, .text = handover::text_of(properties)});
  return true;
}

bool RegistryRows::read_rooms(Changes& changes) {
  for (std::uint32_t row = 0; row < kept_.size(); ++row) {
    const state::RoomSlot& shared = state_.room_slot(RoomIndex{row});
    changes.last_room =
        std::max<std::uint64_t>(changes.last_room, shared.id.load(std::memory_order_relaxed));
    if (!read_room(RoomIndex{row}, changes)) return false;
  }
  return true;
}

bool RegistryRows::read_room(RoomIndex index, Changes& changes) {
  const state::RoomSlot& shared = state_.room_slot(index);
  RoomId& kept = kept_[static_cast<std::uint32_t>(index)];
  // The properties of a row without a room may never have had memory.
  const bool has_changed =
      is_first_ || shared.version.load(std::memory_order_acquire) > since_ ||
      (kept != state::kDefaultRoom && state_.properties(index).version.load() > since_);
  if (!has_changed) return true;
  state::RoomSlot room{};
  state::RoomProperties properties{};
  const auto version = copy_row(shared, room);
  if (!version) return false;
  const bool is_kept = room.phase == RoomPhase::made && room.is_kept != 0;
  // The row has the same room before and after its properties are copied.
  if (is_kept && (!copy_row(state_.properties(index), properties) ||
                  shared.version.load(std::memory_order_relaxed) != *version)) {
    return false;
  }
  const RoomId id = is_kept ? RoomId{room.id.load()} : state::kDefaultRoom;
  const RoomId before = std::exchange(kept, id);
  if (before != id) {
    rooms_.erase(before);
    if (is_kept && rooms_.insert(id).second) new_rooms_.insert(id);
  }
  KeptRow row{.place = {.list = KeptList::rooms, .row = static_cast<std::uint32_t>(index)},
              .text = std::nullopt};
  if (is_kept) row.text = handover::text_of(room, properties);
  if (is_kept || before != state::kDefaultRoom) changes.rows.push_back(std::move(row));
  return true;
}

bool RegistryRows::read_rules(Changes& changes) {
  const std::uint32_t used = state::RuleTable{state_}.used();
  for (std::uint32_t at = 0; at < used; ++at) {
    if (!read_rule(at, changes)) return false;
  }
  return true;
}

bool RegistryRows::lasts(const state::RuleSlot& rule) const {
  return rule.phase == state::RulePhase::made && is_possible(rule) &&
         (rule.room == state::kDefaultRoom || rooms_.contains(rule.room));
}

bool RegistryRows::read_rule(std::uint32_t at, Changes& changes) {
  const state::RuleSlot& shared = state_.rule_slots()[at];
  std::optional<std::uint64_t>& hits = hits_[at];
  const bool has_changed =
      is_first_ || shared.version.load(std::memory_order_acquire) > since_ ||
      (hits && *hits != shared.hits.load(std::memory_order_relaxed)) ||
      // The rules of a temporary room that the administrator keeps from now on.
      (!new_rooms_.empty() && new_rooms_.contains(shared.room));
  if (!has_changed) return true;
  state::RuleSlot rule{};
  if (!copy_row(shared, rule)) return false;
  KeptRow row{.place = {.list = KeptList::rules, .row = at}, .text = std::nullopt};
  const bool was_there = hits.has_value();
  if (lasts(rule)) {
    row.text = handover::text_of(rule);
    hits = rule.hits.load(std::memory_order_relaxed);
  } else {
    hits.reset();
  }
  if (row.text || was_there) changes.rows.push_back(std::move(row));
  return true;
}

bool RegistryRows::read_tables(Changes& changes) {
  bool is_whole = true;
  state::KeptTables::for_each([&](auto entry, std::size_t number) {
    using Row = typename decltype(entry)::Row;
    is_whole = is_whole && read_table<Row>(number, changes);
  });
  return is_whole;
}

template <class Row>
bool RegistryRows::read_table(std::size_t number, Changes& changes) {
  const state::KeptHead& head = state_.kept_head<Row>();
  if (!is_first_ && head.changed.load(std::memory_order_acquire) <= since_) return true;
  const auto rows = state_.kept_rows<Row>();
  const std::size_t used =
      std::min<std::size_t>(head.used.load(std::memory_order_acquire), rows.size());
  auto& made = made_[number];
  made.resize(std::max(made.size(), used));
  for (std::uint32_t at = 0; at < used; ++at) {
    if (!is_first_ && rows[at].version.load(std::memory_order_acquire) <= since_) continue;
    Row row{};
    if (!copy_row(rows[at], row)) return false;
    const bool is_made = row.phase == state::KeptPhase::made && is_possible(row);
    if (!is_made && !made[at]) continue;
    made[at] = is_made;
    changes.rows.push_back(
        {.place = {.list = list_of_table(number), .row = at},
         .text = is_made ? std::optional{handover::text_of(row)} : std::nullopt});
  }
  return true;
}

}  // namespace chatd::archive
