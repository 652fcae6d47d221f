// SPDX-License-Identifier: GPL-3.0-or-later
// history_db.hpp — history.db: the messages of all rooms, and how far each log is stored.
//
// Runs in:   archive.
// Owns:      the database and its statements.
// Invariant: a message is named by its room and its sequence number. A room has a number here that
//            is never used again; the default room and rooms that are kept keep it when the history
//            in memory begins anew, and their sequence numbers go on behind the last one. Lines and
//            the place behind them are stored in one transaction: after a kill at any instruction
//            each line is there once.
// Errors:    those of daemon/store; the caller decides by fault_of().
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/archive/batch.hpp"
#include "daemon/archive/erase_db.hpp"
#include "daemon/archive/history_query.hpp"
#include "daemon/archive/log_reader.hpp"
#include "daemon/archive/search.hpp"
#include "daemon/archive/search_index.hpp"
#include "daemon/archive/stored_line.hpp"
#include "daemon/store/database.hpp"

namespace chatd::archive {

class HistoryDb {
 public:
  // `epoch`: of the history in memory, see state::Header. `alive` is called now and then while a
  // statement takes long.
  [[nodiscard]] static Result<HistoryDb> open(const std::string& path, std::uint64_t epoch,
                                              std::uint64_t max_bytes, std::function<void()> alive);

  // The rooms of this history.
  [[nodiscard]] Result<std::vector<LogReader::Stored>> rooms();
  [[nodiscard]] Result<> save(const Batch& batch);

  struct Figures {
    std::uint64_t lines{0};
    store::Database::Size size;
  };
  // Lines between the oldest and the newest one; some of them may be deleted, if lines with a time
  // in the future were stored. Reads two lines, however many there are.
  [[nodiscard]] Result<Figures> figures();
  [[nodiscard]] Result<store::Database::Size> size() { return database_.size(); }
  [[nodiscard]] std::int64_t epoch() const noexcept { return epoch_; }
  // The value of room.epoch.
  [[nodiscard]] std::int64_t birth(state::RoomId room, std::uint64_t born) const noexcept;

  using StoredLine = archive::StoredLine;
  using Page = StoredPage;
  using PageRequest = StoredPageRequest;
  // The newest lines that are asked for. nullopt: no room of this name was ever stored.
  [[nodiscard]] Result<std::optional<Page>> page(const PageRequest& request);

  // The number of the last room that has, or had, this name. nullopt: there was none.
  [[nodiscard]] Result<std::optional<std::uint64_t>> room_of(std::string_view name);
  // Without the index, if that is damaged.
  [[nodiscard]] Result<SearchPage> search(const SearchRequest& request);
  // See SearchIndex::add() and clean(). unindexed(): lines that are not indexed yet, about.
  [[nodiscard]] Result<bool> index(std::size_t rows) { return index_.add(database_, rows); }
  [[nodiscard]] Result<std::uint64_t> unindexed();
  [[nodiscard]] bool is_index_damaged() const noexcept { return is_index_damaged_; }
  [[nodiscard]] Result<> rebuild_index();
  [[nodiscard]] Result<bool> clean_index(unsigned pages, bool is_first);
  // The end of a room's history.
  [[nodiscard]] Result<RoomTail> tail(const TailRequest& request);

  // The steps of history_upkeep.cpp, each a transaction of its own. Deletes what is older than
  // `limit`, of the `rows` rows that it looks at. The next call looks at the next ones; the call
  // after the last step begins anew.
  [[nodiscard]] Result<Deleted> expire(WallTime limit, WallTime now, std::size_t rows);
  // The same for rooms with a limit of their own, see wire::RoomProperty::history.
  [[nodiscard]] Result<Deleted> expire_rooms(WallTime now, std::size_t rows);
  // Deletes the oldest `rows` rows of all rooms. In each of these rooms one row of the kind kGap
  // remains, which has the numbers of the deleted lines.
  [[nodiscard]] Result<Deleted> delete_oldest(std::size_t rows);
  // Of `max_bytes`; the rest is for what deleting needs, because the index grows by it at first.
  [[nodiscard]] std::uint64_t limit_of_lines() const noexcept { return max_bytes_ / 16 * 15; }
  // Deletes authors and rooms without lines. `exists`: whether the room that was made in the
  // history `born` does; only for rooms without lines it is called.
  using Exists = std::function<bool(state::RoomId room, std::uint64_t born)>;
  // Returns false when the last one was looked at.
  [[nodiscard]] Result<bool> delete_unused(std::size_t rows, const Exists& exists);
  // Added to the sequence numbers of the default room in memory.
  [[nodiscard]] Result<std::uint64_t> default_base();
  // Within a transaction of the caller.
  [[nodiscard]] Result<> delete_lines(std::span<const std::int64_t> ids);
  [[nodiscard]] EraseDb& erasing() noexcept { return erasing_; }
  [[nodiscard]] const EraseDb& erasing() const noexcept { return erasing_; }
  [[nodiscard]] store::Database& file() noexcept { return database_; }
  [[nodiscard]] Result<> checkpoint() { return database_.checkpoint(); }
  [[nodiscard]] Result<> shrink(unsigned pages) { return database_.shrink(pages); }

 private:
  using Query = HistoryQuery;
  HistoryDb(store::Database database, std::uint64_t epoch, std::uint64_t max_bytes,
            EraseDb erasing) noexcept
      : database_{std::move(database)},
        epoch_{static_cast<std::int64_t>(epoch)},
        max_bytes_{max_bytes},
        erasing_{std::move(erasing)} {}
  [[nodiscard]] store::Statement& query(Query which) noexcept {
    return statements_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] Result<> prepare();
  [[nodiscard]] Result<> save_all(const Batch& batch);
  [[nodiscard]] Result<> save_room(const RoomPart& part);
  [[nodiscard]] Result<> save_line(std::int64_t room, std::int64_t base, const Line& line);
  [[nodiscard]] Result<std::int64_t> author(const Author& author);
  [[nodiscard]] Result<std::optional<Page>> find_page(std::string_view name);
  [[nodiscard]] static StoredLine line_of(const store::Statement& line);
  [[nodiscard]] Result<UnusedRows> unused_authors(std::size_t rows);
  [[nodiscard]] Result<UnusedRows> unused_rooms(std::size_t rows, const Exists& exists);
  [[nodiscard]] Result<> in_transaction(const std::function<Result<>()>& steps);
  [[nodiscard]] Result<> delete_rows(std::span<const std::int64_t> ids);
  [[nodiscard]] Result<> delete_line(std::int64_t id);
  [[nodiscard]] Result<> delete_room(std::int64_t id);
  [[nodiscard]] Result<std::vector<LimitedRoom>> limited_rooms(std::size_t rows);
  [[nodiscard]] Result<bool> add_expired(const LimitedRoom& room, WallTime now, LimitedLook& look);
  [[nodiscard]] Result<OldestByRoom> oldest_rows(std::size_t rows, OldRows& oldest);
  [[nodiscard]] Result<> leave_gap(std::int64_t room, const OldestOfRoom& rows);

  store::Database database_;
  SearchIndex index_;
  Search search_;
  std::int64_t epoch_;
  std::uint64_t max_bytes_;
  EraseDb erasing_;
  std::array<store::Statement, kHistoryQueries> statements_;
  bool is_index_damaged_{false};
  std::int64_t expire_from_{0};   // the last row that expire() looked at
  LimitedPlace limited_;          // of expire_rooms()
  std::int64_t authors_from_{0};  // the last author that delete_unused() looked at
  std::int64_t rooms_from_{0};    // the last room that delete_unused() looked at
};

}  // namespace chatd::archive
