// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/fill_history.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <utility>

#include "daemon/log/log_follower.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::restore {

using archive::Line;
using state::RoomId;
using state::RoomIndex;
using state::RoomTable;
using wire::RecordKind;

namespace {

using Where = std::optional<RoomIndex>;  // nullopt: the default room

RoomId id_of(const state::StateView& state, Where room) {
  return room ? RoomId{state.room_slot(*room).id.load()} : state::kDefaultRoom;
}
state::RoomHead& head_of(const state::StateView& state, Where room) {
  return room ? state.room_slot(*room).head : state.room_head();
}
state::RoomLog log_of(const state::StateView& state, Where room) {
  return room ? state::RoomLog{state, *room} : state::RoomLog{state};
}
logs::LogMemory memory_of(const state::StateView& state, Where room) {
  return room ? state.room_log(*room) : state.room_log();
}

// Calls take(row or nullopt) for each room, and ends when it returns false.
template <class Take>
void for_each_log(const state::StateView& state, Take take) {
  const RoomTable table{state};
  if (!take(Where{})) return;
  for (std::uint32_t row = 0; row < table.capacity(); ++row) {
    if (table.phase(RoomIndex{row}) != state::RoomPhase::made) continue;
    if (!take(Where{RoomIndex{row}})) return;
  }
}

template <class Take>
void for_each_rule(const state::StateView& state, Take take) {
  const state::RuleTable rules{state};
  for (std::uint32_t row = 0; row < rules.used(); ++row) {
    if (rules.is_made(state::RuleIndex{row})) take(state.rule_slots()[row]);
  }
}

// The highest number that a right names in each room. A room without a stored line has no number in
// the database, and must not begin below.
std::map<RoomId, std::uint64_t> named_numbers(const state::StateView& state) {
  std::map<RoomId, std::uint64_t> highest;
  const auto note = [&](RoomId room, std::uint64_t number) {
    if (number == state::kNoNumber) return;
    std::uint64_t& noted = highest[room];
    noted = std::max(noted, number);
  };
  for_each_rule(state, [&](const state::RuleSlot& rule) { note(rule.room, rule.since_number); });
  for_each_log(state, [&](Where room) {
    if (room) {
      note(id_of(state, room), state.properties(room).open_since_number);
    }
    note(id_of(state, room), state.properties(room).history_since);
    return true;
  });
  return highest;
}

std::optional<logs::Sender> sender_of(const Line& line) {
  if (line.author.person != 0) {
    return logs::Sender{.slot = logs::Slot{wire::kNobody},
                        .generation = logs::Generation{line.author.person}};
  }
  const RecordKind kind{line.kind};
  if (kind != RecordKind::say && kind != RecordKind::action) return std::nullopt;
  return logs::Sender{};
}

void begin_at(state::RoomHead& head, std::uint64_t offset, std::uint64_t number) {
  head.next_sequence.store(number, std::memory_order_relaxed);
  head.begin_offset = offset;
  head.begin_sequence = number;
}

// The numbers of the lines grow; `next` is behind them.
void fill(const state::StateView& state, Where room, const std::vector<Line>& lines,
          std::uint64_t next) {
  state::RoomHead& head = head_of(state, room);
  state::RoomLog log = log_of(state, room);
  for (const Line& line : lines) {
    head.next_sequence.store(line.sequence, std::memory_order_relaxed);
    (void)log.append({.kind = RecordKind{line.kind},
                      .sender = sender_of(line),
                      .name = line.author.name,
                      .text = line.text,
                      .time = WallTime{Micros{line.at}}});
  }
  begin_at(head, log.tail(), next);
}

class Filler {
 public:
  Filler(archive::HistoryDb& database, const state::StateView& state, const FillLimits& limits)
      : database_{database}, state_{state}, limits_{limits}, named_{named_numbers(state)} {}

  Result<> fill_room(Where room) {
    const RoomId id = id_of(state_, room);
    const std::size_t space = limits_.all_bytes - std::min(limits_.all_bytes, bytes_);
    const bool is_over = limits_.lines != 0 && (space == 0 || mono_now() >= limits_.end);
    const auto age = state::kept_for(state_.properties(room), limits_.max_age);
    const std::size_t most = room ? limits_.room_bytes : limits_.default_bytes;
    const auto tail = database_.tail(
        {.room = id,
         .born = room ? state_.room_slot(*room).born : 0,
         .lines = is_over || !age ? 0 : limits_.lines,
         .bytes = std::min<std::size_t>({most, space, memory_of(state_, room).capacity() / 2}),
         .since = since(age.value_or(std::chrono::seconds{0}))});
    if (!tail) return fail(tail.error());
    restore::fill(state_, room, tail->lines, std::max(tail->next, named_[id]));
    bytes_ += memory_of(state_, room).tail() - memory_of(state_, room).oldest();
    if (!tail->lines.empty()) ++filled_.rooms;
    filled_.lines += tail->lines.size();
    if (is_over && tail->next != 0) ++filled_.skipped;
    return {};
  }
  [[nodiscard]] const Filled& filled() const noexcept { return filled_; }

 private:
  // Lines that are older than the room keeps them wait for being deleted.
  [[nodiscard]] WallTime since(std::chrono::seconds age) const {
    return age.count() == 0 ? WallTime{} : limits_.now - age;
  }

  archive::HistoryDb& database_;
  const state::StateView& state_;
  const FillLimits& limits_;
  std::map<RoomId, std::uint64_t> named_;
  std::size_t bytes_{0};
  Filled filled_;
};

// Where the first record begins whose number is not below `number`.
std::uint64_t offset_of(const logs::LogMemory& log, std::uint64_t number) {
  std::uint64_t found = log.tail();
  logs::RecordBuffer buffer;
  logs::for_each_record(log, buffer, [&](const wire::RecordView& record, logs::Offset at) {
    if (record.header.sequence >= number) found = std::min<std::uint64_t>(found, at);
  });
  return found;
}

}  // namespace

Result<Filled> fill_history(archive::HistoryDb& database, const state::StateView& state,
                            const FillLimits& limits, const std::function<void()>& alive) {
  Filler filler{database, state, limits};
  Result<> done;
  for_each_log(state, [&](Where room) {
    alive();
    done = filler.fill_room(room);
    return done.has_value();
  });
  if (!done) return fail(std::move(done).error());
  return filler.filled();
}

void forget_lines(const state::StateView& state, bool unread, WallTime now) {
  const auto named = named_numbers(state);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const std::uint64_t first = unread ? static_cast<std::uint64_t>(seconds.count()) : 0;
  for_each_log(state, [&](Where room) {
    const RoomId id = id_of(state, room);
    const auto highest = named.find(id);
    logs::LogHead& log = head_of(state, room).log;
    log.oldest = state::first_offset(id);
    log.tail = state::first_offset(id);
    begin_at(head_of(state, room), log.tail,
             std::max(first, highest == named.end() ? 0 : highest->second));
    return true;
  });
}

void set_rights(const state::StateView& state) {
  std::map<RoomId, RoomIndex> rows;
  const auto translate = [&](RoomIndex room, std::atomic<std::uint64_t>& since,
                             std::atomic<std::uint64_t>& number) {
    if (since == 0) return;  // no right is limited, or given, by a place in the log
    const logs::LogMemory log = state.room_log(room);
    if (number == state::kNoNumber) number = state.room_slot(room).head.begin_sequence;
    since = offset_of(log, number);
  };
  for_each_log(state, [&](Where room) {
    if (!room) return true;
    rows.emplace(id_of(state, room), *room);
    state::RoomProperties& set = state.properties(room);
    translate(*room, set.open_since, set.open_since_number);
    return true;
  });
  for_each_rule(state, [&](state::RuleSlot& rule) {
    const auto row = rows.find(rule.room);
    if (row != rows.end()) translate(row->second, rule.since, rule.since_number);
  });
}

}  // namespace chatd::restore
