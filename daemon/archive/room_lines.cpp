// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/room_lines.hpp"

#include <string>

#include "daemon/archive/member_lines.hpp"

namespace chatd::archive {

namespace {

// The base is that which the room has, or gets when its next line is stored, see history_db.cpp.
constexpr const char* kRoom =
    "SELECT id, CASE WHEN memory = ?3 THEN base WHEN base + sequence <= ?4 THEN 0"
    " ELSE base + sequence END FROM room WHERE epoch = ?1 AND number = ?2";
constexpr const char* kLast = "SELECT coalesce(max(sequence), -1) FROM message WHERE room = ?1";

}  // namespace

Result<std::optional<StoredRoom>> stored_room(HistoryDb& history, const sys::QuestionRoom& room) {
  auto row = history.file().prepare(kRoom);
  if (!row) return fail(std::move(row).error());
  row->bind(history.birth(state::RoomId{room.id}, room.born), std::int64_t{room.id},
            history.epoch(), as_number(room.begin));
  const auto found = row->step();
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  const auto base = static_cast<std::uint64_t>(row->number(1));
  return StoredRoom{.lines = {.room = static_cast<std::uint64_t>(row->number(0)),
                              .from = room.from == 0 ? 0 : room.from + base},
                    .base = base};
}

Result<NumberFinder> NumberFinder::prepare(store::Database& database, const char* query) {
  auto last = database.prepare(kLast);
  if (!last) return fail(std::move(last).error());
  auto at = database.prepare(query);
  if (!at) return fail(std::move(at).error());
  return NumberFinder{std::move(*last), std::move(*at)};
}

Result<bool> NumberFinder::look(const SearchRoom& room, std::uint64_t number) {
  at_.bind(static_cast<std::int64_t>(room.room), as_number(number));
  return at_.step();
}

Result<std::uint64_t> NumberFinder::find(const SearchRoom& room, std::int64_t value) {
  last_.bind(static_cast<std::int64_t>(room.room));
  if (const auto row = last_.step(); !row) return fail(row.error());
  auto low = as_number(room.from);
  std::int64_t high = last_.number(0) + 1;
  last_.reset();
  // Binary search: the lines below `low` have a smaller value than the one that is looked for; the
  // lines from `high` on do not.
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto row = look(room, static_cast<std::uint64_t>(middle));
    if (!row) return fail(row.error());
    if (*row && at_.number(0) < high && at_.number(1) < value) {
      low = at_.number(0) + 1;
    } else {
      high = middle;
    }
  }
  at_.reset();
  return static_cast<std::uint64_t>(low);
}

sys::StoredLine line_of(const store::Statement& row) {
  sys::StoredLine line{.number = static_cast<std::uint64_t>(row.number(0)),
                       .at = row.number(1),
                       .kind = static_cast<std::uint16_t>(row.number(2)),
                       .person = static_cast<std::uint64_t>(row.number(3)),
                       .name = std::string{row.text(4)},
                       .text = std::string{row.text(5)}};
  if (line.kind != kGap) return line;
  line.last = last_of_gap(line.text);
  line.text.clear();
  return line;
}

std::size_t most_of(const sys::Question& question) {
  return question.lines == 0 ? kMaxMemberLines
                             : std::min<std::size_t>(question.lines, kMaxMemberLines);
}

}  // namespace chatd::archive
