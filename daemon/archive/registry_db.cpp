// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry_db.hpp"

#include <algorithm>
#include <utility>

#include "daemon/handover/registry_read.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/store/schema.hpp"

namespace chatd::archive {

namespace {

// Far above the size of all rows that there can be.
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30U;

constexpr std::array kRegistrySchema{
    "CREATE TABLE kept(list TEXT NOT NULL, place INTEGER NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY(list, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY) STRICT;"};

static_assert(kRegistrySchema.size() == kRegistrySchemaVersion);

// By Query.
constexpr std::array kRegistrySql{
    "INSERT INTO kept(list, place, value) VALUES(?1,?2,?3)"
    " ON CONFLICT(list, place) DO UPDATE SET value = ?3",
    "DELETE FROM kept WHERE list = ?1 AND place = ?2",
    "INSERT INTO meta(name, value) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET value = ?2",
    "SELECT list, place, value FROM kept", "SELECT name, value FROM meta"};

constexpr std::array<std::string_view, kKeptLists> kLists = [] {
  std::array<std::string_view, kKeptLists> lists{};
  static_assert(handover::kRegistryLists.size() == kFirstTable);
  std::ranges::copy(handover::kRegistryLists, lists.begin());
  std::ranges::copy(state::KeptTables::kNames, lists.begin() + kFirstTable);
  return lists;
}();

struct MetaRow {
  std::string_view name;
  std::uint64_t RegistryDb::Meta::*value;
};
// The values are integers of SQLite, which have a sign.
constexpr std::array kMeta{
    MetaRow{"epoch", &RegistryDb::Meta::epoch}, MetaRow{"memory", &RegistryDb::Meta::memory},
    MetaRow{"saved", &RegistryDb::Meta::saved}, MetaRow{"last_rule", &RegistryDb::Meta::last_rule},
    MetaRow{"last_room", &RegistryDb::Meta::last_room}};

// The table has all numbers that registry_read.hpp reads at a start.
static_assert(std::ranges::all_of(handover::kRegistryNumbers, [](std::string_view name) {
  return std::ranges::find(kMeta, name, &MetaRow::name) != kMeta.end();
}));

}  // namespace

std::string_view name_of(KeptList list) noexcept {
  return kLists[static_cast<std::size_t>(list) % kLists.size()];
}

Result<RegistryDb> RegistryDb::open(const std::string& path, std::function<void()> alive) {
  auto database = store::Database::open(path, kMaxBytes);
  if (!database) return fail(std::move(database).error());
  database->on_progress(std::move(alive));
  if (auto done = store::migrate(*database, kRegistrySchema); !done) {
    return fail(std::move(done).error().within(path));
  }
  RegistryDb registry{std::move(*database)};
  if (auto done = registry.prepare(); !done) return fail(std::move(done).error().within(path));
  return registry;
}

Result<> RegistryDb::prepare() {
  static_assert(kRegistrySql.size() == kQueries);
  for (std::size_t i = 0; i < kRegistrySql.size(); ++i) {
    auto statement = database_.prepare(kRegistrySql[i]);
    if (!statement) return fail(std::move(statement).error());
    statements_[i] = std::move(*statement);
  }
  return {};
}

Result<RegistryDb::Contents> RegistryDb::contents() {
  Contents contents;
  auto& meta = query(Query::meta).bind();
  for (;;) {
    const auto row = meta.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    const auto* const known = std::ranges::find(kMeta, meta.text(0), &MetaRow::name);
    if (known == kMeta.end()) continue;
    contents.meta.*(known->value) = static_cast<std::uint64_t>(meta.number(1));
  }
  auto& kept = query(Query::rows).bind();
  for (;;) {
    const auto row = kept.step();
    if (!row) return fail(row.error());
    if (!*row) return contents;
    const auto* const list = std::ranges::find(kLists, kept.text(0));
    if (list == kLists.end()) continue;
    contents.rows.emplace(KeptPlace{.list = static_cast<KeptList>(list - kLists.begin()),
                                    .row = static_cast<std::uint32_t>(kept.number(1))},
                          kept.text(2));
  }
}

Result<> RegistryDb::save(std::span<const KeptRow> rows, const Meta& meta) {
  auto saved = save_all(rows, meta);
  if (!saved) return fail(std::move(saved).error().within("save changes"));
  return {};
}

Result<> RegistryDb::save_all(std::span<const KeptRow> rows, const Meta& meta) {
  logs::crash_point();
  auto transaction = store::Transaction::begin(database_);
  if (!transaction) return fail(std::move(transaction).error());
  logs::crash_point();
  for (const KeptRow& row : rows) {
    if (auto done = save_row(row); !done) return done;
    logs::crash_point();
  }
  for (const MetaRow& row : kMeta) {
    auto done =
        query(Query::put_meta).bind(row.name, static_cast<std::int64_t>(meta.*(row.value))).run();
    if (!done) return done;
  }
  if (auto done = transaction->commit(); !done) return done;
  logs::crash_point();
  return {};
}

Result<> RegistryDb::save_row(const KeptRow& row) {
  const std::string_view list = name_of(row.place.list);
  const std::int64_t place = row.place.row;
  if (!row.text) return query(Query::delete_row).bind(list, place).run();
  return query(Query::put_row).bind(list, place, std::string_view{*row.text}).run();
}

}  // namespace chatd::archive
