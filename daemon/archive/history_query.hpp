// SPDX-License-Identifier: GPL-3.0-or-later
// history_query.hpp — the statements of history.db that HistoryDb prepares.
//
// Runs in:   archive.
// See:       history_db.cpp, which has their texts in this order.
#pragma once

#include <cstddef>
#include <cstdint>

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
  last_lines
};
inline constexpr std::size_t kHistoryQueries =
    static_cast<std::size_t>(HistoryQuery::last_lines) + 1;

}  // namespace chatd::archive
