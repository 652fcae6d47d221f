// SPDX-License-Identifier: GPL-3.0-or-later
// The steps by which old lines are deleted, each a transaction of at most some hundred rows.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/archive/history_db.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::archive {

namespace {

// Another limit of the database's size, until this is destroyed.
class WiderLimit {
 public:
  WiderLimit(store::Database& database, std::uint64_t limit, std::uint64_t before)
      : database_{database}, before_{before} {
    (void)database_.limit(limit);
  }
  ~WiderLimit() { (void)database_.limit(before_); }
  WiderLimit(const WiderLimit&) = delete;
  WiderLimit& operator=(const WiderLimit&) = delete;
  WiderLimit(WiderLimit&&) = delete;
  WiderLimit& operator=(WiderLimit&&) = delete;

 private:
  store::Database& database_;
  std::uint64_t before_;
};

// Takes the row of Query::oldest or Query::oldest_of_room.
void add_row(OldRows& rows, const store::Statement& row) {
  rows.ids.push_back(row.number(0));
  if (row.number(2) != kGap) ++rows.lines;
}

using Step = std::function<Result<>(std::int64_t id)>;

// In a transaction.
Result<> for_each_id(std::span<const std::int64_t> ids, const Step& step) {
  for (const std::int64_t id : ids) {
    if (auto done = step(id); !done) return done;
    logs::crash_point();
  }
  return {};
}

}  // namespace

// The rows are in the order in which they were stored, so the oldest ones come first. Rows with a
// time in the future, from before the clock was corrected, are passed over and do not hide those
// behind them.
Result<Deleted> HistoryDb::expire(WallTime limit, WallTime now, std::size_t rows) {
  OldRows expired;
  std::int64_t last = 0;
  std::size_t looked_at = 0;
  bool is_ahead = true;  // each row that is kept has a time in the future
  auto& row = query(Query::oldest).bind(expire_from_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto found = row.step();
    if (!found) return fail(found.error());
    if (!*found) break;
    ++looked_at;
    last = row.number(0);
    const WallTime at{Micros{row.number(1)}};
    if (at < limit) {
      add_row(expired, row);
    } else {
      is_ahead = is_ahead && at > now;
    }
  }
  if (auto done = delete_rows(expired.ids); !done) return fail(std::move(done).error());
  const bool is_last = !is_ahead || looked_at < rows;
  expire_from_ = is_last ? 0 : last;
  return Deleted{.rows = expired.ids.size(), .lines = expired.lines, .is_last = is_last};
}

// --- rooms with a limit of their own -------------------------------------------------

// Returns false if the room may have more rows to look at. The oldest row that is kept is the last
// one, unless its time is in the future.
Result<bool> HistoryDb::add_expired(const LimitedRoom& room, WallTime now, LimitedLook& look) {
  if (look.place.room != room.id) {
    look.place = {.done = look.place.done, .room = room.id, .sequence = -1};
  }
  const WallTime limit = now - std::chrono::days{room.history};
  auto& row = query(Query::oldest_of_room)
                  .bind(room.id, look.place.sequence, static_cast<std::int64_t>(look.rows));
  for (; look.rows != 0; --look.rows) {
    const auto found = row.step();
    if (!found) return fail(found.error());
    if (!*found) return true;
    look.place.sequence = row.number(3);
    const WallTime at{Micros{row.number(1)}};
    if (room.history == wire::kHistoryOff || at < limit) {
      add_row(look.expired, row);
    } else if (at <= now) {
      row.reset();
      return true;
    }
  }
  row.reset();
  return false;
}

Result<std::vector<LimitedRoom>> HistoryDb::limited_rooms(std::size_t rows) {
  std::vector<LimitedRoom> rooms;
  auto& room = query(Query::limited_rooms).bind(limited_.done, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = room.step();
    if (!row) return fail(row.error());
    if (!*row) return rooms;
    rooms.push_back({.id = room.number(0), .history = static_cast<std::uint16_t>(room.number(1))});
  }
}

Result<Deleted> HistoryDb::expire_rooms(WallTime now, std::size_t rows) {
  const auto rooms = limited_rooms(rows);
  if (!rooms) return fail(rooms.error());
  LimitedLook look{.place = limited_, .rows = rows};
  bool is_last = rooms->size() < rows;
  for (const LimitedRoom& room : *rooms) {
    const auto is_done = add_expired(room, now, look);
    if (!is_done) return fail(is_done.error());
    is_last = is_last && *is_done;
    if (!*is_done) break;
    look.place.done = room.id;
  }
  if (auto done = delete_rows(look.expired.ids); !done) return fail(std::move(done).error());
  limited_ = is_last ? LimitedPlace{} : look.place;
  return Deleted{.rows = look.expired.ids.size(), .lines = look.expired.lines, .is_last = is_last};
}

// --- when there is no space ----------------------------------------------------------

// A gap in each room stands for all lines and gaps before its end: the last row of the room that is
// deleted becomes that gap.
Result<> HistoryDb::leave_gap(std::int64_t room, const OldestOfRoom& rows) {
  std::int64_t first = rows.first;
  auto& gap = query(Query::delete_gaps).bind(room, rows.last);
  for (;;) {
    const auto row = gap.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    first = std::min(first, gap.number(0));
  }
  if (auto done = index_.remove(rows.last_id); !done) return done;
  return query(Query::make_gap).bind(rows.last_id, first, std::string_view{rows.end}).run();
}

// The oldest rows of all rooms, by room.
Result<OldestByRoom> HistoryDb::oldest_rows(std::size_t rows, OldRows& oldest) {
  OldestByRoom rooms;
  auto& row = query(Query::oldest_rows).bind(static_cast<std::int64_t>(rows));
  for (;;) {
    const auto found = row.step();
    if (!found) return fail(found.error());
    if (!*found) return rooms;
    const bool is_gap = row.number(3) == kGap;
    oldest.ids.push_back(row.number(0));
    if (!is_gap) ++oldest.lines;
    const std::int64_t number = row.number(2);
    OldestOfRoom one{.first = number,
                     .last = number,
                     .last_id = row.number(0),
                     .end = is_gap ? std::string{row.text(4)} : std::to_string(number)};
    OldestOfRoom& all = rooms.try_emplace(row.number(1), one).first->second;
    one.first = std::min(all.first, number);
    all.first = one.first;
    if (number > all.last) all = std::move(one);
  }
}

Result<Deleted> HistoryDb::delete_oldest(std::size_t rows) {
  OldRows oldest;
  const auto rooms = oldest_rows(rows, oldest);
  if (!rooms) return fail(rooms.error());
  const Deleted deleted{
      .rows = oldest.ids.size(), .lines = oldest.lines, .is_last = oldest.ids.size() < rows};
  if (rooms->empty()) return deleted;
  for (const auto& [room, all] : *rooms) std::erase(oldest.ids, all.last_id);
  auto done = in_transaction([&]() -> Result<> {
    auto step = for_each_id(oldest.ids, [this](std::int64_t id) { return delete_line(id); });
    if (!step) return step;
    for (const auto& [room, all] : *rooms) {
      if (step = leave_gap(room, all); !step) return step;
      logs::crash_point();
    }
    return {};
  });
  if (!done) return fail(std::move(done).error());
  return deleted;
}

// --- authors and rooms without lines -------------------------------------------------

Result<UnusedRows> HistoryDb::unused_authors(std::size_t rows) {
  UnusedRows unused;
  auto& author = query(Query::unused_authors).bind(authors_from_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = author.step();
    if (!row) return fail(row.error());
    if (!*row) return unused;
    ++unused.looked_at;
    authors_from_ = author.number(0);
    if (author.number(1) == 0) unused.ids.push_back(authors_from_);
  }
}

Result<UnusedRows> HistoryDb::unused_rooms(std::size_t rows, const Exists& exists) {
  UnusedRows unused;
  auto& room = query(Query::unused_rooms).bind(rooms_from_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = room.step();
    if (!row) return fail(row.error());
    if (!*row) return unused;
    ++unused.looked_at;
    rooms_from_ = room.number(0);
    if (room.number(3) != 0) continue;
    const state::RoomId number{static_cast<std::uint32_t>(room.number(2))};
    const bool is_here =
        number == state::kDefaultRoom || exists(number, static_cast<std::uint64_t>(room.number(1)));
    if (!is_here) unused.ids.push_back(rooms_from_);
  }
}

Result<> HistoryDb::in_transaction(const std::function<Result<>()>& steps) {
  const WiderLimit wider{database_, max_bytes_, limit_of_lines()};
  auto transaction = store::Transaction::begin(database_);
  if (!transaction) return fail(std::move(transaction).error());
  if (auto done = steps(); !done) return done;
  auto done = transaction->commit();
  logs::crash_point();
  return done;
}

Result<> HistoryDb::delete_rows(std::span<const std::int64_t> ids) {
  if (ids.empty()) return {};
  return in_transaction(
      [&] { return for_each_id(ids, [this](std::int64_t id) { return delete_line(id); }); });
}

// A line, and its entry in the index; in a transaction.
Result<> HistoryDb::delete_line(std::int64_t id) {
  if (auto done = index_.remove(id); !done) return done;
  return query(Query::delete_line).bind(id).run();
}

Result<> HistoryDb::delete_lines(std::span<const std::int64_t> ids) {
  for (const std::int64_t id : ids) {
    if (auto done = delete_line(id); !done) return done;
  }
  return {};
}

// Only gaps of deleted lines are left of it.
Result<> HistoryDb::delete_room(std::int64_t id) {
  if (auto done = query(Query::delete_lines_of_room).bind(id).run(); !done) return done;
  return query(Query::delete_room).bind(id).run();
}

Result<bool> HistoryDb::delete_unused(std::size_t rows, const Exists& exists) {
  const auto authors = unused_authors(rows);
  if (!authors) return fail(authors.error());
  const auto rooms = unused_rooms(rows, exists);
  if (!rooms) return fail(rooms.error());
  const auto steps = [&]() -> Result<> {
    auto done = for_each_id(authors->ids, [this](std::int64_t id) {
      return query(Query::delete_author).bind(id).run();
    });
    if (!done) return done;
    return for_each_id(rooms->ids, [this](std::int64_t id) { return delete_room(id); });
  };
  if (!authors->ids.empty() || !rooms->ids.empty()) {
    if (auto done = in_transaction(steps); !done) return fail(std::move(done).error());
  }
  const bool is_last = authors->looked_at < rows && rooms->looked_at < rows;
  if (is_last) authors_from_ = rooms_from_ = 0;
  return !is_last;
}

}  // namespace chatd::archive
