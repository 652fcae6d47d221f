// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/search_index.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/search_text.hpp"
#include "daemon/archive/batch.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::archive {

namespace {

// The tokens are separated by blanks, and the tokenizer changes none of them: it takes all bytes
// above 0x7F, letters, digits, and '_'.
constexpr const char* kMakeIndex =
    "DROP TABLE IF EXISTS found;"
    "CREATE VIRTUAL TABLE found USING fts5(entry, content='', columnsize=0, detail=none,"
    " tokenize=\"ascii tokenchars '_'\");"
    "DELETE FROM search_window;";

// By Query.
constexpr std::array kIndexSql{
    "SELECT m.id, m.at, m.kind, m.room, coalesce(a.name, ''), m.text FROM message m"
    " LEFT JOIN author a ON a.id = m.author WHERE m.id > ?1 ORDER BY m.id LIMIT ?2",
    "INSERT INTO found(rowid, entry) VALUES(?1, ?2)",
    "INSERT INTO found(found, rowid, entry) VALUES('delete', ?1, ?2)",
    "SELECT m.id, m.at, m.kind, m.room, coalesce(a.name, ''), m.text FROM message m"
    " LEFT JOIN author a ON a.id = m.author WHERE m.id = ?1",
    "UPDATE search SET indexed = ?1",
    "INSERT INTO search_window(id, last_at) VALUES(?1, ?2)"
    " ON CONFLICT(id) DO UPDATE SET last_at = max(last_at, ?2)",
    "INSERT INTO found(found, rank) VALUES('merge', ?1)"};

}  // namespace

std::string window_token(std::int64_t window) { return fmt::format("_w{}", window); }

std::string room_token(std::uint64_t room) { return fmt::format("_r{}", room); }

std::string name_token(std::string_view folded) {
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const char c : folded) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return fmt::format("_n{:08x}", hash);
}

Result<SearchIndex> SearchIndex::open(store::Database& database) {
  SearchIndex index;
  const auto version = database.number("SELECT version FROM search");
  if (!version) return fail(version.error());
  if (*version != wire::search_text_version() || !index.prepare(database)) {
    if (auto done = index.rebuild(database); !done) return fail(std::move(done).error());
    if (auto done = index.prepare(database); !done) return fail(std::move(done).error());
  }
  const auto indexed = database.number("SELECT indexed FROM search");
  if (!indexed) return fail(indexed.error());
  index.indexed_ = *indexed;
  return index;
}

Result<> SearchIndex::prepare(store::Database& database) {
  static_assert(kIndexSql.size() == kQueries);
  for (std::size_t i = 0; i < kIndexSql.size(); ++i) {
    auto statement = database.prepare(kIndexSql[i]);
    if (!statement) return fail(std::move(statement).error());
    statements_[i] = std::move(*statement);
  }
  return {};
}

Result<> SearchIndex::rebuild(store::Database& database) {
  for (store::Statement& statement : statements_) statement.reset();
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction).error());
  if (auto done = database.run(kMakeIndex); !done) return done;
  const auto note =
      fmt::format("UPDATE search SET version = {}, indexed = 0", wire::search_text_version());
  if (auto done = database.run(note.c_str()); !done) return done;
  if (auto done = transaction->commit(); !done) return done;
  indexed_ = 0;
  return {};
}

// Reads the current row of Query::next or Query::line.
void SearchIndex::take_line(const store::Statement& row, Line& line) {
  line.id = row.number(0);
  line.at = row.number(1);
  line.is_gap = row.number(2) == kGap;
  line.entry = window_token(window_of(line.id));
  line.entry += ' ' + room_token(static_cast<std::uint64_t>(row.number(3)));
  line.entry += ' ' + name_token(wire::folded_name(row.text(4)));
  wire::fold_text(row.text(5), folded_);
  wire::add_tokens(folded_, line.entry);
}

Result<bool> SearchIndex::add(store::Database& database, std::size_t rows) {
  std::vector<Line> lines;
  auto& next = query(Query::next).bind(indexed_, static_cast<std::int64_t>(rows));
  for (;;) {
    const auto row = next.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    take_line(next, lines.emplace_back());
  }
  if (lines.empty()) return false;
  if (auto done = add_all(database, lines); !done) return fail(std::move(done).error());
  indexed_ = lines.back().id;
  return lines.size() == rows;
}

Result<> SearchIndex::add_all(store::Database& database, const std::vector<Line>& lines) {
  logs::crash_point();
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction).error());
  for (const Line& line : lines) {
    if (line.is_gap) continue;
    auto done = query(Query::add).bind(line.id, std::string_view{line.entry}).run();
    if (!done) return done;
    logs::crash_point();
  }
  for (std::size_t i = 0; i < lines.size();) {
    const std::int64_t window = window_of(lines[i].id);
    std::int64_t last_at = lines[i].at;
    for (; i < lines.size() && window_of(lines[i].id) == window; ++i) {
      last_at = std::max(last_at, lines[i].at);
    }
    if (auto done = query(Query::set_window).bind(window, last_at).run(); !done) return done;
  }
  if (auto done = query(Query::set_indexed).bind(lines.back().id).run(); !done) return done;
  logs::crash_point();
  if (auto done = transaction->commit(); !done) return done;
  logs::crash_point();
  return {};
}

Result<> SearchIndex::remove(std::int64_t line) {
  if (line > indexed_) return {};
  auto& row = query(Query::line).bind(line);
  const auto found = row.step();
  if (!found) return fail(found.error());
  if (!*found) return {};
  Line one{};
  take_line(row, one);
  row.reset();
  if (one.is_gap) return {};
  return query(Query::remove).bind(line, std::string_view{one.entry}).run();
}

Result<bool> SearchIndex::clean(store::Database& database, unsigned pages, bool is_first) {
  const auto before = database.number("SELECT total_changes()");
  if (!before) return fail(before.error());
  // A negative number lets FTS5 begin to merge all parts of the index into one.
  const auto step = (is_first ? -1 : 1) * static_cast<std::int64_t>(pages);
  if (auto done = query(Query::merge).bind(step).run(); !done) return fail(std::move(done).error());
  const auto after = database.number("SELECT total_changes()");
  if (!after) return fail(after.error());
  return *after - *before >= 2;  // as the documentation of FTS5 says
}

}  // namespace chatd::archive
