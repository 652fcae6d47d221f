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
#include <string>
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
  oldest_rows,
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
// The result of a step of deleting. A row is a line or a gap.
struct Deleted {
  std::size_t rows{0};
  std::size_t lines{0};
  bool is_last{false};  // nothing is left to look at
  void add(const Deleted& other) noexcept {
    rows += other.rows;
    lines += other.lines;
  }
};
// Rows that a step deletes.
struct OldRows {
  std::vector<std::int64_t> ids;
  std::size_t lines{0};
};
// Where the look at rooms with a limit goes on: behind the room `done`, and in the room after it,
// if that is `room`, behind the line `sequence`.
struct LimitedPlace {
  std::int64_t done{0};
  std::int64_t room{0};
  std::int64_t sequence{0};
};
struct LimitedLook {
  LimitedPlace place;
  std::size_t rows;  // to look at
  OldRows expired{};
};
// The oldest rows of a room: the number of the first one, and the last one.
struct OldestOfRoom {
  std::int64_t first;
  std::int64_t last;  // the number
  std::int64_t last_id;
  std::string end;  // the last number that it stands for, as the text of a gap has it
};
using OldestByRoom = std::map<std::int64_t, OldestOfRoom>;

inline constexpr std::size_t kHistoryQueries =
    static_cast<std::size_t>(HistoryQuery::delete_lines_of_room) + 1;

}  // namespace chatd::archive
