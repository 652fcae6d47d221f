// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a room's history, for a start that brings it back into memory.
#include <algorithm>

#include "daemon/archive/history_db.hpp"
#include "daemon/log/record.hpp"

namespace chatd::archive {

Result<RoomTail> HistoryDb::tail(const TailRequest& request) {
  RoomTail tail;
  auto& room = query(Query::tail)
                   .bind(birth(request.room, request.born),
                         std::int64_t{static_cast<std::uint32_t>(request.room)});
  const auto found = room.step();
  if (!found) return fail(found.error());
  if (!*found) return tail;
  const std::int64_t id = room.number(0);
  tail.next = static_cast<std::uint64_t>(std::max<std::int64_t>(room.number(1), 0));
  room.reset();
  // Also without lines to return: the newest one has the highest number.
  const auto rows = static_cast<std::int64_t>(std::max<std::size_t>(request.lines, 1));
  auto& line = query(Query::last_lines).bind(id, rows);
  std::size_t bytes = 0;
  for (;;) {
    const auto row = line.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    const Line one{.sequence = static_cast<std::uint64_t>(line.number(0)),
                   .at = line.number(1),
                   .kind = static_cast<std::uint16_t>(line.number(2)),
                   .author = {.person = static_cast<std::uint64_t>(line.number(4)),
                              .name = std::string{line.text(3)},
                              .key = {}},
                   .text = std::string{line.text(5)}};
    tail.next = std::max(tail.next, one.sequence + 1);
    bytes += logs::record_size(
        {.kind = {}, .sender = {}, .name = one.author.name, .text = one.text, .time = {}});
    if (bytes > request.bytes || request.lines == 0) {
      line.reset();
      break;
    }
    const bool is_old = WallTime{Micros{one.at}} < request.since;
    if (!is_old && is_stored(wire::RecordKind{one.kind})) tail.lines.push_back(one);
  }
  std::ranges::reverse(tail.lines);
  return tail;
}

}  // namespace chatd::archive
