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
#include "daemon/archive/registry_db.hpp"
#include "daemon/handover/registry_read.hpp"
#include "daemon/restore/open_unlocked.hpp"
#include "daemon/store/database.hpp"

namespace chatd::restore {

using handover::RegistryRows;
using nlohmann::json;
using state::LoadSource;

namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 30U;

// Of one of the two files. No value: there is no such file, or nothing was ever stored in it.
template <class T>
using Found = Result<std::optional<T>>;

Result<bool> is_there(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_size != 0;
  if (errno == ENOENT) return false;
  return fail(Error::from_errno(path));
}

// 0: there is none.
std::uint64_t number_in(const json& document, const char* name) {
  const auto found = document.find(name);
  return found != document.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
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

struct Database {
  RegistryRows rows;
  std::uint64_t saved{0};  // RegistryFigures::saved when it was written
};

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

// The rows of an open database.
Found<Database> read_all(store::Database& database) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version == 0) return std::nullopt;
  if (*version > archive::kRegistrySchemaVersion) {
    return fail(fmt::format("it is of a later version of chatd (schema {})", *version));
  }
  Database read;
  const auto has_any = read_meta(database, read.rows);
  if (!has_any) return fail(has_any.error());
  if (!*has_any) return std::nullopt;
  if (auto done = read_rows(database, read.rows); !done) return fail(std::move(done).error());
  const auto saved = database.number("SELECT value FROM meta WHERE name = 'saved'");
  if (!saved) return fail(saved.error());
  read.saved = static_cast<std::uint64_t>(*saved);
  return read;
}

Found<Database> read_database(const RegistrySettings& settings,
                              const std::function<void()>& alive) {
  if (settings.without_database) return fail("the process that read it has died");
  const std::string path = settings.directory + "/registry.db";
  const auto there = is_there(path);
  if (!there) return fail(there.error());
  if (!*there) return std::nullopt;
  auto database = open_unlocked([&] { return store::Database::open(path, kMaxBytes); },
                                settings.lock_limit, alive);
  if (!database) return fail(std::move(database).error());
  database->on_progress(alive);
  return read_all(*database);
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

// registry.json of the same memory has more changes: registry.db is an older copy, or was not
// written at the end. Two files that were restored together from an older copy are not noticed.
std::string why_older(const Database& database, const RegistrySettings& settings) {
  const auto copy = read_document(settings);
  if (!copy || !*copy) return {};
  const std::uint64_t saved = number_in(**copy, "saved");
  const bool is_older =
      number_in(**copy, "memory") == number_in(database.rows.document(), "memory") &&
      saved > database.saved;
  if (!is_older) return {};
  // Each change adds 2, see registry_head.hpp.
  return fmt::format(
      "registry.db is older than registry.json, which has {} changes more: rooms, bans and roles "
      "are "
      "those of registry.db. If these changes are missed, stop the service, move registry.db away, "
      "and start it",
      (saved - database.saved) / 2);
}

// Whether history.db has messages: then the service has run here, and had a registry. A database
// that cannot be read proves nothing.
bool has_messages(const RegistrySettings& settings, const std::function<void()>& alive) {
  const std::string path = settings.directory + "/history.db";
  const auto there = is_there(path);
  if (!there || !*there) return false;
  auto database = open_unlocked([&] { return store::Database::open(path, kMaxBytes); },
                                settings.lock_limit, alive);
  if (!database) return false;
  database->on_progress(alive);
  const auto found = database->number("SELECT EXISTS(SELECT 1 FROM message)");
  return found && *found != 0;
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
    registry.document = (*rows)->rows.document();
    registry.damaged = (*rows)->rows.damaged();
    registry.words = why_older(**rows, settings);
    return registry;
  }
  const std::string why = why_not("registry.db", rows);
  auto document = read_document(settings);
  const bool are_missing = rows && document && !*document;
  if (are_missing && !has_messages(settings, alive)) return registry;  // the first start
  if (document && *document) {
    registry.source = LoadSource::document;
    registry.document = std::move(**document);
    registry.words = fmt::format(
        "{}: rooms, bans and roles are those of registry.json, which lacks the changes of the last "
        "seconds",
        why);
    return registry;
  }
  std::string both = why + " and " + why_not("registry.json", document);
  if (are_missing) both += ", but history.db has messages";
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
