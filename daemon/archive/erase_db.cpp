// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erase_db.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "common/wire/name.hpp"
#include "common/wire/native/record_text.hpp"
#include "daemon/archive/history_db.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::archive {

namespace {

constexpr std::size_t kErasedAtOnce = 200;

// By Query.
constexpr std::array kEraseSql{
    "SELECT id, room, sequence, author, at FROM message WHERE id > ?1 ORDER BY id LIMIT ?2",
    "SELECT id, room, sequence, author, at FROM message"
    " WHERE room = ?1 AND sequence BETWEEN ?2 AND ?3 AND at <= ?4 LIMIT ?5",
    "SELECT id, folded FROM room ORDER BY id",
    "SELECT id, name FROM author",
    "SELECT lineage, applied, cleaned FROM erasure",
    "UPDATE erasure SET applied = ?1",
    "UPDATE erasure SET cleaned = ?1"};

std::int64_t number_of(std::uint64_t value) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(value, kMax));
}

}  // namespace

Result<EraseDb> EraseDb::open(store::Database& database, const std::string& path) {
  static_assert(kEraseSql.size() == kQueries);
  EraseDb erasing{path};
  for (std::size_t i = 0; i < kEraseSql.size(); ++i) {
    auto statement = database.prepare(kEraseSql[i]);
    if (!statement) return fail(std::move(statement).error());
    erasing.statements_[i] = std::move(*statement);
  }
  auto& state = erasing.query(Query::state);
  const auto row = state.step();
  if (!row) return fail(row.error());
  if (*row) {
    erasing.lineage_ = static_cast<std::uint64_t>(state.number(0));
    erasing.applied_ = static_cast<std::uint64_t>(state.number(1));
    erasing.cleaned_ = static_cast<std::uint64_t>(state.number(2));
  }
  state.reset();
  return erasing;
}

// --- finding -----------------------------------------------------------------------

Result<std::vector<EraseDb::Found>> EraseDb::lines_of(store::Statement& query) {
  std::vector<Found> lines;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return lines;
    lines.push_back({.id = query.number(0),
                     .room = query.number(1),
                     .sequence = static_cast<std::uint64_t>(query.number(2)),
                     .author = query.number(3),
                     .at = WallTime{Micros{query.number(4)}}});
  }
}

Result<std::vector<EraseDb::Found>> EraseDb::scan(std::int64_t after, std::size_t rows) {
  return lines_of(query(Query::scan).bind(after, static_cast<std::int64_t>(rows)));
}

Result<std::vector<EraseDb::Found>> EraseDb::find(std::int64_t room, const NumberRange& range,
                                                  WallTime at, std::size_t rows) {
  return lines_of(query(Query::find)
                      .bind(room, number_of(range.first), number_of(range.last),
                            std::int64_t{at.time_since_epoch().count()},
                            static_cast<std::int64_t>(rows)));
}

// `is_folded`: the column has the names in the form in which they are compared.
Result<std::vector<std::int64_t>> EraseDb::named(store::Statement& query, std::string_view folded,
                                                 bool is_folded) {
  std::vector<std::int64_t> ids;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return ids;
    const std::string_view name = query.text(1);
    const bool is_it =
        !name.empty() && (is_folded ? name == folded : wire::folded_name(name) == folded);
    if (is_it) ids.push_back(query.number(0));
  }
}

Result<std::vector<std::int64_t>> EraseDb::rooms_named(std::string_view name) {
  const std::string folded = wire::folded_name(name.starts_with('#') ? name.substr(1) : name);
  return named(query(Query::rooms), folded, true);
}

Result<std::vector<std::int64_t>> EraseDb::authors_named(std::string_view name) {
  return named(query(Query::authors), wire::folded_name(name), false);
}

// --- erasing -----------------------------------------------------------------------

namespace {

// The time of an erasure: `at`, or that of its latest line if the clock was set back since then.
WallTime latest_of(const std::vector<EraseDb::Found>& lines, WallTime at) {
  for (const EraseDb::Found& line : lines) at = std::max(at, line.at);
  return at;
}

}  // namespace

// Within the transaction that deletes the rows.
Result<> EraseDb::note_applied(std::uint64_t id) {
  return query(Query::set_applied).bind(number_of(id)).run();
}

Result<> EraseDb::note_clean() {
  auto done = query(Query::set_cleaned).bind(number_of(applied_)).run();
  if (done) cleaned_ = applied_;
  return done;
}

Result<> EraseDb::delete_found(HistoryDb& history, const std::vector<Found>& lines,
                               std::uint64_t applied) {
  std::vector<std::int64_t> ids;
  ids.reserve(lines.size());
  for (const Found& line : lines) ids.push_back(line.id);
  auto transaction = store::Transaction::begin(history.file());
  if (!transaction) return fail(std::move(transaction).error());
  if (auto done = history.delete_lines(ids); !done) return done;
  logs::crash_point();
  if (auto done = note_applied(applied); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  logs::crash_point();
  applied_ = applied;
  return {};
}

Result<> EraseDb::erase(HistoryDb& history, const std::vector<Found>& lines, WallTime at,
                        const std::string& by) {
  std::map<std::int64_t, std::vector<std::uint64_t>> rooms;
  for (const Found& line : lines) rooms[line.room].push_back(line.sequence);
  std::uint64_t last = applied_;
  for (auto& [room, numbers] : rooms) {
    std::ranges::sort(numbers);
    Erasure erasure{.id = 0,
                    .lineage = lineage_,
                    .room = static_cast<std::uint64_t>(room),
                    .lines = {},
                    .at = latest_of(lines, at),
                    .by = by};
    for (const std::uint64_t number : numbers) add_number(erasure.lines, number);
    const auto id = list_.add(std::move(erasure), applied_);
    if (!id) return fail(id.error());
    last = *id;
    logs::crash_point();
  }
  return delete_found(history, lines, last);
}

Result<> EraseDb::erase_said(HistoryDb& history, std::int64_t room, std::int64_t base,
                             const Line& line) {
  const auto erased = wire::read_erased(line.text);
  if (!erased || line.author.name.empty()) return {};
  const NumberRange range{.first = static_cast<std::uint64_t>(base) + erased->first,
                          .last = static_cast<std::uint64_t>(base) + erased->last};
  // A member takes back one line, which its number names: lines of any time are looked for, also of
  // one that is in the future because the clock was set back.
  auto lines = find(room, range, WallTime::max(), kErasedAtOnce);
  if (!lines) return fail(lines.error());
  const auto listed = list_.add_again({.id = 0,
                                       .lineage = lineage_,
                                       .room = static_cast<std::uint64_t>(room),
                                       .lines = {range},
                                       .at = latest_of(*lines, WallTime{Micros{line.at}}),
                                       .by = line.author.name},
                                      applied_);
  if (!listed) return fail(listed.error());
  logs::crash_point();
  while (!lines->empty()) {
    for (const Found& one : *lines) {
      if (auto done = history.delete_lines({&one.id, 1}); !done) return done;
    }
    lines = find(room, range, WallTime::max(), kErasedAtOnce);
    if (!lines) return fail(lines.error());
  }
  if (auto done = note_applied(*listed); !done) return done;
  // If the transaction fails, the record is read again, and the erasure replaces the one listed
  // now.
  applied_ = *listed;
  return {};
}

// --- erasing again -----------------------------------------------------------------

Result<std::size_t> EraseDb::repeat_one(HistoryDb& history, const Erasure& erasure) {
  std::size_t deleted = 0;
  for (const NumberRange& range : erasure.lines) {
    for (;;) {
      const auto lines =
          find(static_cast<std::int64_t>(erasure.room), range, erasure.at, kErasedAtOnce);
      if (!lines) return fail(lines.error());
      if (lines->empty()) break;
      if (auto done = delete_found(history, *lines, applied_); !done) {
        return fail(std::move(done).error());
      }
      deleted += lines->size();
    }
  }
  return deleted;
}

Result<std::size_t> EraseDb::repeat(HistoryDb& history) {
  std::size_t deleted = 0;
  const bool was_clean = is_clean();
  auto done = list_.for_each(applied_, [&](const Erasure& erasure) -> Result<> {
    if (erasure.lineage == lineage_) {
      const auto lines = repeat_one(history, erasure);
      if (!lines) return fail(lines.error());
      deleted += *lines;
    }
    if (auto noted = note_applied(erasure.id); !noted) return noted;
    applied_ = erasure.id;
    return {};
  });
  if (!done) return fail(std::move(done).error());
  // The list has erasures of another database only.
  if (was_clean && deleted == 0 && !is_clean()) {
    if (auto noted = note_clean(); !noted) return fail(std::move(noted).error());
  }
  return deleted;
}

}  // namespace chatd::archive
