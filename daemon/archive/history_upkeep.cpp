// SPDX-License-Identifier: GPL-3.0-or-later
// The steps by which old lines are deleted, each a transaction of at most some hundred rows.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
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

}  // namespace

// The lines are in the order in which they were stored, so the oldest ones come first. Lines with a
// time in the future, from before the clock was corrected, are passed over and do not hide those
// behind them.
Result<std::size_t> HistoryDb::expire(WallTime limit, WallTime now, std::size_t rows) {
  std::vector<std::int64_t> expired;
  std::int64_t last = 0;
  std::size_t looked_at = 0;
  bool is_ahead = true;  // each line that is kept has a time in the future
  auto& line = query(Query::oldest).bind(expire_from_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = line.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    ++looked_at;
    last = line.number(0);
    const WallTime at{Micros{line.number(1)}};
    if (at < limit) {
      expired.push_back(last);
    } else {
      is_ahead = is_ahead && at > now;
    }
  }
  if (expired.empty()) {
    expire_from_ = is_ahead && looked_at == rows ? last : 0;
    return std::size_t{0};
  }
  if (auto done = delete_all(Query::delete_line, expired); !done) {
    return fail(std::move(done).error());
  }
  return expired.size();
}

// --- rooms with a limit of their own -------------------------------------------------

// Into `expired`, until it has `rows` lines. The oldest line that is kept is the last one that is
// looked at, unless its time is in the future.
Result<> HistoryDb::add_expired(const LimitedRoom& room, WallTime now, std::size_t rows,
                                std::vector<std::int64_t>& expired) {
  const WallTime limit = now - std::chrono::days{room.history};
  const std::size_t space = rows - expired.size();
  auto& line = query(Query::oldest_of_room).bind(room.id, static_cast<std::int64_t>(space));
  for (;;) {
    const auto row = line.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const WallTime at{Micros{line.number(1)}};
    if (room.history == wire::kHistoryOff || at < limit) {
      expired.push_back(line.number(0));
    } else if (at <= now) {
      line.reset();
      return {};
    }
  }
}

Result<std::vector<LimitedRoom>> HistoryDb::limited_rooms(std::size_t rows) {
  std::vector<LimitedRoom> rooms;
  auto& room = query(Query::limited_rooms).bind(limited_from_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = room.step();
    if (!row) return fail(row.error());
    if (!*row) return rooms;
    rooms.push_back({.id = room.number(0), .history = static_cast<std::uint16_t>(room.number(1))});
  }
}

Result<std::size_t> HistoryDb::expire_rooms(WallTime now, std::size_t rows) {
  const auto rooms = limited_rooms(rows);
  if (!rooms) return fail(rooms.error());
  std::vector<std::int64_t> expired;
  for (const LimitedRoom& room : *rooms) {
    if (auto done = add_expired(room, now, rows, expired); !done) return fail(done.error());
    if (expired.size() == rows) break;  // the room may have more
    limited_from_ = room.id;
  }
  if (auto done = delete_all(Query::delete_line, expired); !done) {
    return fail(std::move(done).error());
  }
  if (expired.size() < rows && rooms->size() < rows) limited_from_ = 0;
  return expired.size();
}

// --- when there is no space ----------------------------------------------------------

// A gap in each room stands for all lines and gaps before its end: the last line of the room that
// is deleted becomes that gap.
Result<> HistoryDb::leave_gap(std::int64_t room, const OldestLines& lines) {
  std::int64_t first = lines.first;
  auto& gap = query(Query::delete_gaps).bind(room, lines.last);
  for (;;) {
    const auto row = gap.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    first = std::min(first, gap.number(0));
  }
  if (auto done = index_.remove(lines.last_id); !done) return done;
  const std::string last = std::to_string(lines.last);
  return query(Query::make_gap).bind(lines.last_id, first, std::string_view{last}).run();
}

// The oldest lines of all rooms, by room; `ids` gets their ids.
Result<OldestByRoom> HistoryDb::oldest_lines(std::size_t rows, std::vector<std::int64_t>& ids) {
  OldestByRoom rooms;
  auto& line = query(Query::oldest_lines).bind(static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = line.step();
    if (!row) return fail(row.error());
    if (!*row) return rooms;
    const OldestLines one{
        .first = line.number(2), .last = line.number(2), .last_id = line.number(0)};
    ids.push_back(one.last_id);
    OldestLines& all = rooms.try_emplace(line.number(1), one).first->second;
    all.first = std::min(all.first, one.first);
    if (one.last > all.last) all = {.first = all.first, .last = one.last, .last_id = one.last_id};
  }
}

Result<std::size_t> HistoryDb::delete_oldest(std::size_t rows) {
  std::vector<std::int64_t> ids;
  const auto oldest = oldest_lines(rows, ids);
  if (!oldest) return fail(oldest.error());
  const OldestByRoom& rooms = *oldest;
  const std::size_t deleted = ids.size();
  for (const auto& [room, lines] : rooms) std::erase(ids, lines.last_id);
  const auto leave_gaps = [&]() -> Result<> {
    for (const auto& [room, lines] : rooms) {
      if (auto done = leave_gap(room, lines); !done) return done;
      logs::crash_point();
    }
    return {};
  };
  if (rooms.empty()) return deleted;
  if (auto done = delete_all(Query::delete_line, ids, leave_gaps); !done) {
    return fail(std::move(done).error());
  }
  return deleted;
}

Result<HistoryDb::Unused> HistoryDb::unused_authors(std::size_t rows) {
  Unused unused;
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

Result<HistoryDb::Unused> HistoryDb::unused_rooms(std::size_t rows, const Exists& exists) {
  Unused unused;
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

// `then`: what else the transaction does.
Result<> HistoryDb::delete_all(Query which, const std::vector<std::int64_t>& ids,
                               const std::function<Result<>()>& then) {
  if (ids.empty() && !then) return {};
  const WiderLimit wider{database_, max_bytes_, limit_of_lines()};
  auto transaction = store::Transaction::begin(database_);
  if (!transaction) return fail(std::move(transaction).error());
  for (const std::int64_t id : ids) {
    if (which == Query::delete_room) {
      if (auto done = query(Query::delete_lines_of_room).bind(id).run(); !done) return done;
    }
    auto done = which == Query::delete_line ? delete_line(id) : query(which).bind(id).run();
    if (!done) return done;
    logs::crash_point();
  }
  if (then) {
    if (auto done = then(); !done) return done;
  }
  auto done = transaction->commit();
  logs::crash_point();
  return done;
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

Result<bool> HistoryDb::delete_unused(std::size_t rows, const Exists& exists) {
  const auto authors = unused_authors(rows);
  if (!authors) return fail(authors.error());
  const auto rooms = unused_rooms(rows, exists);
  if (!rooms) return fail(rooms.error());
  if (auto done = delete_all(Query::delete_author, authors->ids); !done) {
    return fail(std::move(done).error());
  }
  if (auto done = delete_all(Query::delete_room, rooms->ids); !done) {
    return fail(std::move(done).error());
  }
  const bool is_last = authors->looked_at < rows && rooms->looked_at < rows;
  if (is_last) authors_from_ = rooms_from_ = 0;
  return !is_last;
}

}  // namespace chatd::archive
