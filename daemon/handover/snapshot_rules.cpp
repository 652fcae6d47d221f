// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/snapshot_rules.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <set>
#include <utility>
#include <vector>

#include "common/wire/native/native_room.hpp"
#include "daemon/handover/kept_reader.hpp"
#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/snapshot_rule_fields.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;

namespace {

// False: a value is missing or has another type.
template <class T>
bool is_read(const json& from, T& value) {
  try {
    read_kept(from, value);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// False: the room has the properties of a new room.
bool is_restored(const json& from, state::RoomProperties& room) {
  if (!is_read(from, room)) {
    clear(room);
    return false;
  }
  room.slow_seconds = std::min(room.slow_seconds.load(), wire::kMaxSlowSeconds);
  if (room.open_since == 0) room.open_since_number = 0;
  room.enter = std::min(room.enter.load(), wire::MayEnter::owned);
  if (!wire::is_history(room.history)) room.history = wire::kHistoryOfServer;
  return true;
}

void write_change(json& snapshot, const state::StateView& state) {
  const std::uint32_t of = state.rule_head().change_of.load(std::memory_order_relaxed);
  if (of == state::kNoChange || of - state::kChangeOfDefaultRoom > state.geometry().rooms) return;
  const bool is_of_default = of == state::kChangeOfDefaultRoom;
  snapshot["changing"] =
      is_of_default ? 0U
                    : state.room_slot(state::RoomIndex{of - state::kChangeOfFirstRow}).id.load();
  snapshot["changing_at"] = state.rule_head().change_at.load(std::memory_order_relaxed);
}

// A change of a room that is not restored ends with it.
void read_change(const json& snapshot, const state::StateView& state, const RoomsReader& rooms) {
  const auto changing = snapshot.find("changing");
  const auto at = snapshot.find("changing_at");
  if (changing == snapshot.end() || !changing->is_number_unsigned()) return;
  if (at == snapshot.end() || !at->is_number_unsigned()) return;
  const auto id = changing->get<state::RoomId>();
  std::uint32_t of = state::kChangeOfDefaultRoom;
  if (id != state::kDefaultRoom) {
    const auto row = rooms.row_of(id);
    if (!row) return;
    of = state::kChangeOfFirstRow + static_cast<std::uint32_t>(*row);
  }
  state.rule_head().change_at.store(at->get<std::uint64_t>(), std::memory_order_relaxed);
  state.rule_head().change_of.store(of, std::memory_order_release);
}

// A rule of a lower rank is restored earlier. A damaged rule has the highest rank.
constexpr int kLastRank = 4;
int rank_of(const json& rule) {
  try {
    switch (rule.at("kind").get<RuleKind>()) {
      case RuleKind::ban:
      case RuleKind::mute:
        return rule.contains("room") ? 1 : 0;
      case RuleKind::owner:
        return 2;
      case RuleKind::moderator:
        return 3;
      case RuleKind::invitation:
        break;
    }
  } catch (const std::exception&) {
    return kLastRank;
  }
  return kLastRank;
}

std::vector<const json*> in_order(const json& rules) {
  std::vector<const json*> ordered;
  for (int rank = 0; rank <= kLastRank; ++rank) {
    for (const json& rule : rules) {
      if (rank_of(rule) == rank) ordered.push_back(&rule);
    }
  }
  return ordered;
}

// Restores rules into rows from 0 on.
class RulesReader {
 public:
  RulesReader(const state::StateView& state, const RoomsReader& rooms)
      : head_{state.rule_head()},
        rows_{state.rule_slots()},
        grants_left_{state::grant_rows(state.geometry().rooms) - 1},
        rooms_{rooms} {}

  void read(const json& from) {
    // The next rule overwrites a row that is not `made`.
    RuleSlot& row = rows_[restored_.restored];
    if (!is_read(from, row) || !is_possible(row) || !ids_.insert(row.id).second) {
      ++restored_.left_out;
      return;
    }
    if (row.room != state::kDefaultRoom && !rooms_.row_of(row.room)) return;
    // An older service has not kept it; who made the room reads all of it.
    const bool is_from_beginning = row.since == state::first_offset(row.room);
    if (row.since_number == state::kNoNumber && is_from_beginning) row.since_number = 0;
    std::uint32_t& left = is_restriction(row.kind) ? restrictions_left_ : grants_left_;
    if (left == 0) {
      ++restored_.left_out;
      return;
    }
    --left;
    head_.used.store(static_cast<std::uint32_t>(++restored_.restored), std::memory_order_relaxed);
    state::crash_point();
    row.phase.store(state::RulePhase::made, std::memory_order_release);
    state::crash_point();
  }
  void set_last_id(std::uint64_t last_id) {
    const std::uint64_t highest = ids_.empty() ? 0 : *ids_.rbegin();
    const auto id = std::max(std::min<std::uint64_t>(last_id, state::kMaxRuleId), highest);
    head_.last_id.store(static_cast<std::uint32_t>(id), std::memory_order_relaxed);
  }
  [[nodiscard]] RestoredRules restored() const noexcept { return restored_; }

 private:
  state::RuleHead& head_;
  std::span<RuleSlot> rows_;
  // Rows for each sort of rules. One row stays free, see rule_slot.hpp.
  std::uint32_t restrictions_left_{state::kRestrictionRows};
  std::uint32_t grants_left_;
  const RoomsReader& rooms_;
  std::set<std::uint32_t> ids_;
  RestoredRules restored_;
};

}  // namespace

json properties_of(const state::RoomProperties& room) {
  json written;
  write_kept(written, room);
  return written;
}

void read_properties(const json& from, state::RoomProperties& room) {
  if (is_restored(from, room)) return;
  room.is_invited = true;
  room.is_hidden = true;
}

void write_rules(json& snapshot, const state::StateView& state) {
  const state::RuleTable table{state};
  json rules = json::array();
  for (std::uint32_t row = 0; row < table.used(); ++row) {
    if (!table.is_made(RuleIndex{row})) continue;
    json rule;
    write_kept(rule, table.row(RuleIndex{row}));
    rules.push_back(std::move(rule));
    state::crash_point();
  }
  snapshot["rules"] = std::move(rules);
  snapshot["registry"] = state.registry_head().memory.load(std::memory_order_relaxed);
  snapshot["last_rule"] = state.rule_head().last_id.load(std::memory_order_relaxed);
  snapshot["properties"] = properties_of(state.properties(std::nullopt));
  write_change(snapshot, state);
}

RestoredRules read_rules(const json& snapshot, const state::StateView& state,
                         const RoomsReader& rooms) {
  // If the properties of the default room are damaged, it has those of a new room: a default room
  // that is closed could lock out every member.
  const auto properties = snapshot.find("properties");
  if (properties != snapshot.end()) {
    (void)is_restored(*properties, state.properties(std::nullopt));
  }
  state::crash_point();
  RulesReader reader{state, rooms};
  const auto rules = snapshot.find("rules");
  if (rules != snapshot.end()) {
    for (const json* rule : in_order(*rules)) reader.read(*rule);
  }
  const auto last = snapshot.find("last_rule");
  const bool has_last = last != snapshot.end() && last->is_number_unsigned();
  reader.set_last_id(has_last ? last->get<std::uint64_t>() : 0);
  read_change(snapshot, state, rooms);
  if (const auto from = snapshot.find("registry");
      from != snapshot.end() && from->is_number_unsigned()) {
    state.registry_head().loaded_from = from->get<std::uint64_t>();
  }
  state::crash_point();
  return reader.restored();
}

}  // namespace chatd::handover
