// SPDX-License-Identifier: GPL-3.0-or-later
// history_query.hpp — the statements of history.db that HistoryDb prepares, and rows that they
// find.
//
// Runs in:   archive.
// See:       history_db.cpp, which has their texts in this order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace chatd::archive {

enum class HistoryQuery : std::uint8_t {
  rooms,
  put_room,
  find_author,
  add_author,
  set_key,
  add_line,
  find_room,
  page,
  page_after,
  oldest,
  delete_line,
  unused_authors,
  delete_author,
  unused_rooms,
  delete_room,
  tail,
  last_lines,
  set_history,
  limited_rooms,
  oldest_of_room,
  oldest_lines,
  delete_gaps,
  make_gap,
  delete_lines_of_room
};
// Authors or rooms without lines, of those that were looked at.
struct UnusedRows {
  std::vector<std::int64_t> ids;
  std::size_t looked_at{0};
};
// A room with a limit of its own, see wire::RoomProperty::history.
struct LimitedRoom {
  std::int64_t id;
  std::uint16_t history;
};
// The oldest lines of a room.
struct OldestLines {
  std::int64_t first;    // the number of the first one
  std::int64_t last;     // the number of the last one
  std::int64_t last_id;  // the id of the row of the last one
};
using OldestByRoom = std::map<std::int64_t, OldestLines>;

inline constexpr std::size_t kHistoryQueries =
    static_cast<std::size_t>(HistoryQuery::delete_lines_of_room) + 1;

}  // namespace chatd::archive
