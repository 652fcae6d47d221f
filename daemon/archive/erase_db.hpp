// SPDX-License-Identifier: GPL-3.0-or-later
// erase_db.hpp — erasing lines of the database: by an administrator, by a record `erased` of a
// room's log, and again after a restore.
//
// Runs in:   archive.
// Owns:      its statements, and the list of erasures.
// Invariant: the list has an erasure before its rows are deleted, see Erasures. A database has a
//            random number, its lineage, which its copies have as well: a new database is another
//            one, whose rooms have other numbers. It stores the last erasure that it has carried
//            out, in the transaction that deletes the rows.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/archive/batch.hpp"
#include "daemon/archive/erasures.hpp"
#include "daemon/store/database.hpp"

namespace chatd::archive {

class HistoryDb;

class EraseDb {
 public:
  // `path`: of the database.
  [[nodiscard]] static Result<EraseDb> open(store::Database& database, const std::string& path);

  // A stored line, without its text.
  struct Found {
    std::int64_t id{0};    // of its row; grows with the time of storing
    std::int64_t room{0};  // the room's number in the database
    std::uint64_t sequence{0};
    std::int64_t author{0};
    WallTime at;
  };
  // The next lines behind the row `after`, at most so many.
  [[nodiscard]] Result<std::vector<Found>> scan(std::int64_t after, std::size_t rows);
  // The lines with a number of the range that are not from after `at`, at most so many.
  [[nodiscard]] Result<std::vector<Found>> find(std::int64_t room, const NumberRange& range,
                                                WallTime at, std::size_t rows);
  // The rooms that have or had the name, in any case, the oldest one first.
  [[nodiscard]] Result<std::vector<std::int64_t>> rooms_named(std::string_view name);
  // The rows of the authors that have the name, in any case.
  [[nodiscard]] Result<std::vector<std::int64_t>> authors_named(std::string_view name);

  // Deletes the lines, in one transaction. `by`: see Erasure.
  [[nodiscard]] Result<> erase(HistoryDb& history, const std::vector<Found>& lines, WallTime at,
                               const std::string& by);
  // A record `erased` of the room, within the transaction that stores it. The lines that an
  // administrator erases are deleted by its request.
  [[nodiscard]] Result<> erase_said(HistoryDb& history, std::int64_t room, std::int64_t base,
                                    const Line& line);
  // Carries out the erasures of the list that the database does not have: it was restored from an
  // older copy, or the process was killed. Returns the number of lines.
  [[nodiscard]] Result<std::size_t> repeat(HistoryDb& history);
  // Erasures from before `limit` have no lines any more, in no copy.
  [[nodiscard]] Result<> forget(WallTime limit) { return list_.forget(limit); }

  // False: the text of lines that were erased may still be in a file.
  [[nodiscard]] bool is_clean() const noexcept { return cleaned_ == applied_; }
  // The last erasure that was carried out.
  [[nodiscard]] std::uint64_t applied() const noexcept { return applied_; }
  // Their text is in no file any more.
  [[nodiscard]] Result<> note_clean();

 private:
  enum class Query : std::uint8_t { scan, find, rooms, authors, state, set_applied, set_cleaned };
  static constexpr std::size_t kQueries = static_cast<std::size_t>(Query::set_cleaned) + 1;
  explicit EraseDb(const std::string& path) : list_{path + ".erased"} {}
  [[nodiscard]] store::Statement& query(Query which) noexcept {
    return statements_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] static Result<std::vector<Found>> lines_of(store::Statement& query);
  [[nodiscard]] static Result<std::vector<std::int64_t>> named(store::Statement& query,
                                                               std::string_view folded,
                                                               bool is_folded);
  [[nodiscard]] Result<> delete_found(HistoryDb& history, const std::vector<Found>& lines,
                                      std::uint64_t applied);
  [[nodiscard]] Result<std::size_t> repeat_one(HistoryDb& history, const Erasure& erasure);
  [[nodiscard]] Result<> note_applied(std::uint64_t id);

  Erasures list_;
  std::uint64_t lineage_{0};
  std::uint64_t applied_{0};  // the id of the last erasure that was carried out
  std::uint64_t cleaned_{0};  // and of the last one whose text is in no file
  std::array<store::Statement, kQueries> statements_;
};

}  // namespace chatd::archive
