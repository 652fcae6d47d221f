// SPDX-License-Identifier: GPL-3.0-or-later
// room_lines.hpp — finds the rows of a room that a member asks about, and numbers of its lines.
//
// Runs in:   archive.
// Borrows:   the database.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "common/wire/native/native_history.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/archive/search.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::archive {

// The largest number that the database can have.
inline constexpr auto kMaxNumber =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
[[nodiscard]] inline std::int64_t as_number(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min(value, kMaxNumber));
}

// The lines of a room that the member may read, and what is added to numbers of the memory.
struct StoredRoom {
  SearchRoom lines;
  std::uint64_t base{0};
};
// nullopt: nothing was stored of it.
[[nodiscard]] Result<std::optional<StoredRoom>> stored_room(HistoryDb& history,
                                                            const sys::QuestionRoom& room);

// Finds lines of a room by a value that grows with their numbers.
class NumberFinder {
 public:
  // `query`: the number and the value of the first line of the room ?1 from the number ?2 on.
  [[nodiscard]] static Result<NumberFinder> prepare(store::Database& database, const char* query);
  // The number of the first readable line of `value` or more. No such line: a number above all.
  [[nodiscard]] Result<std::uint64_t> find(const SearchRoom& room, std::int64_t value);
  // The row of the query for that number; false: there is none.
  [[nodiscard]] Result<bool> look(const SearchRoom& room, std::uint64_t number);
  [[nodiscard]] const store::Statement& row() const noexcept { return at_; }

 private:
  NumberFinder(store::Statement last, store::Statement at)
      : last_{std::move(last)}, at_{std::move(at)} {}

  store::Statement last_;
  store::Statement at_;
};

// A row with the columns sequence, at, kind, person, name, text.
[[nodiscard]] sys::StoredLine line_of(const store::Statement& row);

// How many lines the question asks for.
[[nodiscard]] std::size_t most_of(const sys::Question& question);

}  // namespace chatd::archive
