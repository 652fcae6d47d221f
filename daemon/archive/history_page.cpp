// SPDX-License-Identifier: GPL-3.0-or-later
// A page of a room's history.
#include <algorithm>

#include "common/wire/name.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/archive/room_lines.hpp"

namespace chatd::archive {

// The room, without lines.
Result<std::optional<HistoryDb::Page>> HistoryDb::find_page(std::string_view name) {
  const std::string folded = wire::folded_name(name);
  auto& room = query(Query::find_room).bind(std::string_view{folded});
  const auto found = room.step();
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  Page page;
  page.room = static_cast<std::uint64_t>(room.number(0));
  page.name = room.text(1);
  room.reset();
  return page;
}

Result<std::optional<std::uint64_t>> HistoryDb::room_of(std::string_view name) {
  auto page = find_page(name);
  if (!page) return fail(std::move(page).error());
  if (!*page) return std::nullopt;
  return (*page)->room;
}

HistoryDb::StoredLine HistoryDb::line_of(const store::Statement& line) {
  StoredLine one;
  one.sequence = static_cast<std::uint64_t>(line.number(0));
  one.at = WallTime{Micros{line.number(1)}};
  one.kind = static_cast<std::uint16_t>(line.number(2));
  one.name = line.text(3);
  const store::Blob key = line.blob(4);
  one.key.assign(key.begin(), key.end());
  one.text = line.text(5);
  if (one.kind != kGap) return one;
  one.last = last_of_gap(one.text);
  one.text.clear();
  return one;
}

Result<std::optional<HistoryDb::Page>> HistoryDb::page(const PageRequest& request) {
  auto page = find_page(request.room);
  if (!page || !*page) return page;
  const std::uint64_t limit = request.after.value_or(request.before);
  auto& line = query(request.after ? Query::page_after : Query::page)
                   .bind(static_cast<std::int64_t>((*page)->room), as_number(limit),
                         static_cast<std::int64_t>(request.lines) + 1);
  std::size_t bytes = 0;
  for (;;) {
    const auto row = line.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    if ((*page)->lines.size() == request.lines || bytes >= request.bytes) {
      (*page)->has_more = true;
      line.reset();
      break;
    }
    (*page)->lines.push_back(line_of(line));
    bytes += (*page)->lines.back().text.size() + (*page)->lines.back().name.size();
  }
  if (!request.after) std::ranges::reverse((*page)->lines);
  return page;
}

}  // namespace chatd::archive
