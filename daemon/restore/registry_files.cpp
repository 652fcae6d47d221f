// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/registry_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.hpp"
#include "daemon/handover/registry_read.hpp"
#include "daemon/restore/open_unlocked.hpp"
#include "daemon/store/database.hpp"

namespace chatd::restore {

using handover::RegistryRows;
using nlohmann::json;
using state::LoadSource;

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30U;
// The version of the tables of registry.db that this program knows.
constexpr std::int64_t kSchemaVersion = 1;

// Of one of the two files. No value: there is no such file, or nothing was ever stored in it.
template <class T>
using Found = Result<std::optional<T>>;

Result<bool> is_there(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_size != 0;
  if (errno == ENOENT) return false;
  return fail(Error::from_errno(path));
}

Result<> read_rows(store::Database& database, RegistryRows& rows) {
  auto row = database.prepare("SELECT list, value FROM kept ORDER BY list, place");
  if (!row) return fail(std::move(row).error());
  for (;;) {
    const auto has_row = row->step();
    if (!has_row) return fail(has_row.error());
    if (!*has_row) return {};
    rows.add(row->text(0), row->text(1));
  }
}

// Returns whether anything was ever stored.
Result<bool> read_meta(store::Database& database, RegistryRows& rows) {
  auto row = database.prepare("SELECT name, value FROM meta");
  if (!row) return fail(std::move(row).error());
  for (bool has_any = false;; has_any = true) {
    const auto has_row = row->step();
    if (!has_row) return fail(has_row.error());
    if (!*has_row) return has_any;
    rows.set(row->text(0), static_cast<std::uint64_t>(row->number(1)));
  }
}

Found<RegistryRows> read_database(const RegistrySettings& settings,
                                  const std::function<void()>& alive) {
  const std::string path = settings.directory + "/registry.db";
  const auto there = is_there(path);
  if (!there) return fail(there.error());
  if (!*there) return std::nullopt;
  auto database = open_unlocked([&] { return store::Database::open(path, kMaxBytes); },
                                settings.lock_limit, alive);
  if (!database) return fail(std::move(database).error());
  database->on_progress(alive);
  const auto version = database->number("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version == 0) return std::nullopt;
  if (*version > kSchemaVersion) {
    return fail(fmt::format("it is of a later version of chatd (schema {})", *version));
  }
  RegistryRows rows;
  const auto has_any = read_meta(*database, rows);
  if (!has_any) return fail(has_any.error());
  if (!*has_any) return std::nullopt;
  if (auto done = read_rows(*database, rows); !done) return fail(std::move(done).error());
  return rows;
}

Found<json> read_document(const RegistrySettings& settings) {
  const std::string path = settings.directory + "/registry.json";
  const auto there = is_there(path);
  if (!there) return fail(there.error());
  if (!*there) return std::nullopt;
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad()) return fail(Error::from_errno(path));
  auto document = handover::parse_registry(text);
  if (!document) return fail(std::move(document).error());
  return std::optional<json>{std::in_place, std::move(*document)};
}

// Why nothing of the file is restored.
template <class T>
std::string why_not(const char* file, const Found<T>& found) {
  if (!found) return fmt::format("{} cannot be read ({})", file, found.error().message());
  return fmt::format("{} is missing", file);
}

}  // namespace

Registry read_registry(const RegistrySettings& settings, const std::function<void()>& alive) {
  Registry registry;
  auto rows = read_database(settings, alive);
  if (rows && *rows) {
    registry.source = LoadSource::database;
    registry.document = (*rows)->document();
    registry.damaged = (*rows)->damaged();
    return registry;
  }
  const std::string why = why_not("registry.db", rows);
  auto document = read_document(settings);
  if (rows && document && !*document) return registry;  // the first start
  if (document && *document) {
    registry.source = LoadSource::document;
    registry.document = std::move(**document);
    registry.words = fmt::format(
        "{}: rooms, bans and roles are those of registry.json, which lacks the changes of the last "
        "seconds",
        why);
    return registry;
  }
  const std::string both = why + " and " + why_not("registry.json", document);
  if (settings.is_required) {
    registry.source = LoadSource::refused;
    registry.words = fmt::format(
        "in {}, {}: bans, kept rooms and roles would be lost. Copy one of the two files from a "
        "backup, or set registry.required = false to start without them",
        settings.directory, both);
  } else {
    registry.source = LoadSource::nothing;
    registry.words =
        fmt::format("{}: bans, kept rooms and roles are lost (registry.required is false)", both);
  }
  return registry;
}

}  // namespace chatd::restore
