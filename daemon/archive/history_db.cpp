// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/history_db.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/wire/name.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/store/schema.hpp"

namespace chatd::archive {

namespace {

// room.base is added to the sequence numbers of a log. room.place and room.sequence are where its
// reading goes on in the history `memory`. A room is named by its id and by `epoch`, the history in
// which it was made; that of the default room is 0.
constexpr std::array kSchema{
    "CREATE TABLE room(id INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL,"
    " number INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,"
    " base INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL, sequence INTEGER NOT NULL,"
    " UNIQUE(epoch, number)) STRICT;"
    "CREATE TABLE author(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, name TEXT NOT NULL,"
    " key BLOB NOT NULL, UNIQUE(person, name)) STRICT;"
    "CREATE TABLE message(id INTEGER PRIMARY KEY AUTOINCREMENT, room INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " author INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX message_room ON message(room, sequence);"
    "CREATE INDEX message_author ON message(author);",
    // One row: the version of the tokens, and the last line that is indexed, see SearchIndex, which
    // makes the table `found`. Of each window: the latest time of its lines.
    "CREATE TABLE search(version INTEGER NOT NULL, indexed INTEGER NOT NULL) STRICT;"
    "INSERT INTO search VALUES(0, 0);"
    "CREATE TABLE search_window(id INTEGER PRIMARY KEY, last_at INTEGER NOT NULL) STRICT;",
    "ALTER TABLE room ADD COLUMN memory INTEGER NOT NULL DEFAULT 0;"
    "UPDATE room SET memory = epoch;"
    "UPDATE room SET epoch = 0 WHERE number = 0;",
    // One row, see EraseDb.
    "CREATE TABLE erasure(lineage INTEGER NOT NULL, applied INTEGER NOT NULL,"
    " cleaned INTEGER NOT NULL) STRICT;"
    "INSERT INTO erasure(lineage, applied, cleaned) VALUES(abs(random() / 2), 0, 0);",
    // See wire::RoomProperty::history.
    "ALTER TABLE room ADD COLUMN history INTEGER NOT NULL DEFAULT 0;"};

// By Query.
constexpr std::array kSql{
    "SELECT number, place, sequence, history FROM room WHERE memory = ?1",
    // In another history than before: its numbers begin behind those that are stored (?8), or anew.
    "INSERT INTO room(epoch, number, name, folded, place, sequence, memory)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7)"
    " ON CONFLICT(epoch, number) DO UPDATE SET name = ?3, folded = ?4, place = ?5, sequence = ?6,"
    " memory = ?7, base = CASE WHEN memory = ?7 THEN base WHEN base + sequence <= ?8 THEN 0"
    " ELSE base + sequence END RETURNING id, base",
    "SELECT id, length(key) FROM author WHERE person = ?1 AND name = ?2",
    "INSERT INTO author(person, name, key) VALUES(?1,?2,?3) RETURNING id",
    "UPDATE author SET key = ?2 WHERE id = ?1",
    // A line that is there: the database was restored from a copy that has it.
    "INSERT INTO message(room, sequence, at, kind, author, text) VALUES(?1,?2,?3,?4,?5,?6)"
    " ON CONFLICT(room, sequence) DO NOTHING",
    "SELECT id, name FROM room WHERE folded = ?1 ORDER BY id DESC LIMIT 1",
    "SELECT m.sequence, m.at, m.kind, coalesce(a.name, ''), coalesce(a.key, x''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence < ?2 ORDER BY m.sequence DESC LIMIT ?3",
    "SELECT m.sequence, m.at, m.kind, coalesce(a.name, ''), coalesce(a.key, x''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence > ?2 ORDER BY m.sequence LIMIT ?3",
    "SELECT id, at, kind FROM message WHERE id > ?1 ORDER BY id LIMIT ?2",
    "DELETE FROM message WHERE id = ?1",
    "SELECT id, EXISTS(SELECT 1 FROM message WHERE author = author.id)"
    " FROM author WHERE id > ?1 ORDER BY id LIMIT ?2",
    "DELETE FROM author WHERE id = ?1",
    "SELECT id, epoch, number, EXISTS(SELECT 1 FROM message WHERE room = room.id AND author >= 0)"
    " FROM room WHERE id > ?1 ORDER BY id LIMIT ?2",
    "DELETE FROM room WHERE id = ?1",
    "SELECT id, base + sequence FROM room WHERE epoch = ?1 AND number = ?2",
    "SELECT m.sequence, m.at, m.kind, coalesce(a.name, ''), coalesce(a.person, 0), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 ORDER BY m.sequence DESC LIMIT ?2",
    "UPDATE room SET history = ?2 WHERE id = ?1",
    "SELECT id, history FROM room WHERE id > ?1 AND history != 0 ORDER BY id LIMIT ?2",
    "SELECT id, at, kind, sequence FROM message WHERE room = ?1 AND sequence > ?2"
    " ORDER BY sequence LIMIT ?3",
    // Without the gaps of deleted lines. Not by the index of authors, which is in another order.
    "SELECT id, room, sequence, kind, CASE kind WHEN 0 THEN text ELSE '' END FROM message"
    " WHERE +author >= 0 ORDER BY id LIMIT ?1",
    "DELETE FROM message WHERE room = ?1 AND sequence < ?2 AND kind = 0 RETURNING sequence",
    // The author of a gap of deleted lines is -1: it does not keep a room that is gone.
    "UPDATE message SET sequence = ?2, kind = 0, author = -1, text = ?3 WHERE id = ?1",
    "DELETE FROM message WHERE room = ?1"};

std::int64_t whole(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

Result<HistoryDb> HistoryDb::open(const std::string& path, std::uint64_t epoch,
                                  std::uint64_t max_bytes, std::function<void()> alive) {
  auto database = store::Database::open(path, max_bytes);
  if (!database) return fail(std::move(database).error());
  database->on_progress(std::move(alive));
  if (auto done = store::migrate(*database, kSchema); !done) {
    return fail(std::move(done).error().within(path));
  }
  auto erasing = EraseDb::open(*database, path);
  if (!erasing) return fail(std::move(erasing).error().within(path));
  HistoryDb history{std::move(*database), epoch, max_bytes, std::move(*erasing)};
  if (auto done = history.prepare(); !done) return fail(std::move(done).error().within(path));
  return history;
}

Result<> HistoryDb::prepare() {
  static_assert(kSql.size() == kHistoryQueries);
  for (std::size_t i = 0; i < kSql.size(); ++i) {
    auto statement = database_.prepare(kSql[i]);
    if (!statement) return fail(std::move(statement).error());
    statements_[i] = std::move(*statement);
  }
  auto index = SearchIndex::open(database_);
  if (!index) return fail(std::move(index).error());
  index_ = std::move(*index);
  auto search = Search::prepare(database_);
  if (!search) return fail(std::move(search).error());
  search_ = std::move(*search);
  return database_.limit(limit_of_lines());
}

std::int64_t HistoryDb::birth(state::RoomId room, std::uint64_t born) const noexcept {
  if (room == state::kDefaultRoom) return 0;
  return born == 0 ? epoch_ : whole(born);
}

Result<std::vector<LogReader::Stored>> HistoryDb::rooms() {
  std::vector<LogReader::Stored> rooms;
  auto& room = query(Query::rooms).bind(epoch_);
  for (;;) {
    const auto row = room.step();
    if (!row) return fail(row.error());
    if (!*row) return rooms;
    rooms.push_back({.room = state::RoomId{static_cast<std::uint32_t>(room.number(0))},
                     .place = {.offset = static_cast<std::uint64_t>(room.number(1)),
                               .sequence = static_cast<std::uint64_t>(room.number(2))},
                     .history = static_cast<std::uint16_t>(room.number(3))});
  }
}

Result<> HistoryDb::save(const Batch& batch) {
  auto saved = save_all(batch);
  if (!saved) return fail(std::move(saved).error().within("store messages"));
  return {};
}

Result<> HistoryDb::save_all(const Batch& batch) {
  logs::crash_point();
  auto transaction = store::Transaction::begin(database_);
  if (!transaction) return fail(std::move(transaction).error());
  logs::crash_point();
  for (const RoomPart& part : batch.rooms) {
    if (auto done = save_room(part); !done) return done;
    logs::crash_point();
  }
  if (auto done = transaction->commit(); !done) return done;
  logs::crash_point();
  return {};
}

Result<> HistoryDb::save_room(const RoomPart& part) {
  const std::string folded = wire::folded_name(part.name);
  auto& room =
      query(Query::put_room)
          .bind(birth(part.room, part.born), std::int64_t{static_cast<std::uint32_t>(part.room)},
                std::string_view{part.name}, std::string_view{folded}, whole(part.place.offset),
                whole(part.place.sequence), epoch_, whole(part.begin));
  if (const auto row = room.step(); !row) return fail(row.error());
  const std::int64_t id = room.number(0);
  const std::int64_t base = room.number(1);
  if (auto done = room.run(); !done) return done;
  if (part.history) {
    if (auto done = query(Query::set_history).bind(id, std::int64_t{*part.history}).run(); !done) {
      return done;
    }
  }
  for (const Line& line : part.lines) {
    if (auto done = save_line(id, base, line); !done) return done;
  }
  return {};
}

// `base`: what is added to numbers of the room.
Result<> HistoryDb::save_line(std::int64_t room, std::int64_t base, const Line& line) {
  if (line.kind == kErased) return erasing_.erase_said(*this, room, base, line);
  // A gap has no author, and its text is its last number.
  const bool is_gap = line.kind == kGap;
  const auto by = is_gap ? Result<std::int64_t>{0} : author(line.author);
  if (!by) return fail(by.error());
  const std::string last = line.last == 0 ? "" : std::to_string(base + whole(line.last));
  return query(Query::add_line)
      .bind(room, base + whole(line.sequence), line.at, std::int64_t{line.kind}, *by,
            std::string_view{is_gap ? last : line.text})
      .run();
}

Result<std::int64_t> HistoryDb::author(const Author& author) {
  const std::int64_t person = whole(author.person);
  const std::string_view name{author.name};
  const store::Blob key{author.key};
  auto& found = query(Query::find_author).bind(person, name);
  const auto row = found.step();
  if (!row) return fail(row.error());
  if (*row) {
    const std::int64_t id = found.number(0);
    const bool has_key = found.number(1) != 0;
    found.reset();
    if (has_key || key.empty()) return id;
    if (auto done = query(Query::set_key).bind(id, key).run(); !done) return fail(done.error());
    return id;
  }
  auto& added = query(Query::add_author).bind(person, name, key);
  if (const auto made = added.step(); !made) return fail(made.error());
  const std::int64_t id = added.number(0);
  if (auto done = added.run(); !done) return fail(done.error());
  return id;
}

Result<std::uint64_t> HistoryDb::default_base() {
  const auto base = database_.number("SELECT base FROM room WHERE number = 0");
  if (!base) return fail(base.error());
  return static_cast<std::uint64_t>(*base);
}

Result<HistoryDb::Figures> HistoryDb::figures() {
  // Ids are given in ascending order, and the oldest lines are deleted first, but the gaps that
  // stand for them stay. count(*) would read the whole index without a call of the progress
  // handler.
  const auto lines = database_.number(
      "SELECT coalesce((SELECT max(id) FROM message) -"
      " (SELECT id FROM message WHERE kind != 0 ORDER BY id LIMIT 1) + 1, 0)");
  if (!lines) return fail(lines.error());
  const auto bytes = size();
  if (!bytes) return fail(bytes.error());
  return Figures{.lines = static_cast<std::uint64_t>(*lines), .size = *bytes};
}

Result<std::uint64_t> HistoryDb::unindexed() {
  const auto last = database_.number("SELECT coalesce(max(id), 0) FROM message");
  if (!last) return fail(last.error());
  return static_cast<std::uint64_t>(std::max(*last - index_.indexed(), std::int64_t{0}));
}

Result<> HistoryDb::rebuild_index() {
  auto done = index_.rebuild(database_);
  if (done) is_index_damaged_ = false;
  return done;
}

Result<bool> HistoryDb::clean_index(unsigned pages, bool is_first) {
  return index_.clean(database_, pages, is_first);
}

Result<SearchPage> HistoryDb::search(const SearchRequest& request) {
  const auto waiting = unindexed();
  if (!waiting) return fail(waiting.error());
  auto page = search_.page(request, is_index_damaged_ ? 0 : index_.indexed());
  if (!page && store::fault_of(page.error()) == store::Fault::index) {
    is_index_damaged_ = true;
    page = search_.page(request, 0);
  }
  constexpr std::uint64_t kFew = 16'384;  // to look through one by one
  if (page) page->is_complete = *waiting < kFew;
  return page;
}

}  // namespace chatd::archive
