// SPDX-License-Identifier: GPL-3.0-or-later
// search_index.hpp — the index of the stored lines: which of them have a token.
//
//   "_w3 _r17 _n5f0c91aa 打开 开文 文件 config __con" is the entry of line 400,000, in room 17
//
// Runs in:   archive.
// Borrows:   the database of HistoryDb, which is an argument.
// Owns:      its statements.
// Invariant: each line up to indexed() has an entry, but gaps have none, and no other line has one.
//            Entries and indexed() change in the same transaction as the lines. An entry is removed
//            with the tokens with which it was made; so the version of the tokens is stored, and an
//            index of another version, or a damaged one, is dropped and built anew from line 1 on.
//            The table (FTS5) has only tokens and numbers of lines: no text, no positions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/database.hpp"

namespace chatd::archive {

// The first tokens of an entry. Lines of one window stand together, so that a search looks at one
// window at a time: no step of a statement compares more than so many lines, which takes some 20 ms
// at worst. Larger windows are faster, because each is a query of its own.
inline constexpr std::int64_t kLinesOfAWindow = 131'072;
[[nodiscard]] constexpr std::int64_t window_of(std::int64_t line) noexcept {
  return line / kLinesOfAWindow;
}
[[nodiscard]] std::string window_token(std::int64_t window);
[[nodiscard]] std::string room_token(std::uint64_t room);
// Of the folded name of an author: a hash, because names have signs that tokens have not.
[[nodiscard]] std::string name_token(std::string_view folded);

class SearchIndex {
 public:
  // Begins a new index if there is none, if it is of another version, or cannot be used.
  [[nodiscard]] static Result<SearchIndex> open(store::Database& database);

  // The last line that is indexed.
  [[nodiscard]] std::int64_t indexed() const noexcept { return indexed_; }
  // Indexes at most `rows` further lines, in a transaction. Returns whether there may be more.
  [[nodiscard]] Result<bool> add(store::Database& database, std::size_t rows);
  // Removes the entry of a line that is deleted; in the transaction of the caller, before that.
  [[nodiscard]] Result<> remove(std::int64_t line);
  // Drops all entries; add() makes them again.
  [[nodiscard]] Result<> rebuild(store::Database& database);
  // Removes the tokens of deleted lines from the file, in steps of about `pages`. `is_first`: of
  // the steps. Returns whether there is more to do.
  [[nodiscard]] Result<bool> clean(store::Database& database, unsigned pages, bool is_first);

 private:
  enum class Query : std::uint8_t { next, add, remove, line, set_indexed, set_window, merge };
  static constexpr std::size_t kQueries = static_cast<std::size_t>(Query::merge) + 1;
  struct Line {
    std::int64_t id;
    std::int64_t at;
    bool is_gap;
    std::string entry;
  };
  [[nodiscard]] store::Statement& query(Query which) noexcept {
    return statements_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] Result<> prepare(store::Database& database);
  [[nodiscard]] Result<> add_all(store::Database& database, const std::vector<Line>& lines);
  void take_line(const store::Statement& row, Line& line);

  std::array<store::Statement, kQueries> statements_;
  std::int64_t indexed_{0};
  std::string folded_;  // of one line
};

}  // namespace chatd::archive
