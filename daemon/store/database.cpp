// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/database.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"
#include "daemon/store/sqlite_error.hpp"

namespace chatd::store {

namespace {

// Virtual machine steps between two calls of the progress handler: about a millisecond.
constexpr int kStepsBetweenCalls = 10'000;

// In this order: under an exclusive lock WAL needs no shared memory, if the lock is asked for
// before the file is read; the page size and the vacuum are fixed by the first write.
constexpr const char* kPragmas =
    "PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA page_size=4096;"
    "PRAGMA auto_vacuum=INCREMENTAL;"
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;"
    "PRAGMA journal_size_limit=16777216;"
    "PRAGMA mmap_size=0;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA foreign_keys=OFF;";

// SQLite would make the file with the umask's mode.
Result<> make_file(const std::string& path) {
  const UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!file.is_open()) return fail(Error::from_errno(path));
  return {};
}

}  // namespace

std::string real_path(const std::string& directory) {
  std::error_code error;
  const auto real = std::filesystem::canonical(directory, error);
  return error ? directory : real.string();
}

Fault fault_of(const Error& error) noexcept {
  if (error.code() == kNewerSchema) return Fault::newer;
  if (error.code() == ENOSPC || error.code() == EDQUOT) return Fault::full;
  if (error.code() >= 0) return Fault::other;
  if (error.code() == -SQLITE_CORRUPT_VTAB) return Fault::index;
  switch (-error.code() & 0xFF) {
    case SQLITE_FULL:
      return Fault::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fault::locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Fault::damaged;
    default:
      return Fault::other;
  }
}

void Database::Closer::operator()(sqlite3* connection) const noexcept {
  (void)sqlite3_close_v2(connection);
}

Result<Database> Database::open(const std::string& path, std::uint64_t max_bytes) {
  if (auto made = make_file(path); !made) return fail(made.error());
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  Database database{connection};
  if (code != SQLITE_OK) return fail(sqlite_error(connection).within(path));
  (void)sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (auto done = database.run(kPragmas); !done) {
    return fail(std::move(done).error().within(path));
  }
  // The exclusive lock is taken by the first write.
  if (auto done = database.run("BEGIN EXCLUSIVE; COMMIT"); !done) {
    return fail(std::move(done).error().within(path));
  }
  if (auto done = database.limit(max_bytes); !done) return fail(done.error());
  return database;
}

Result<> Database::run(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(sqlite_error(connection_.get()));
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return fail(sqlite_error(connection_.get()));
  return Statement{statement};
}

Result<std::int64_t> Database::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(std::move(statement).error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->number(0) : 0;
}

Result<> Database::limit(std::uint64_t max_bytes) {
  const std::uint64_t pages = std::max<std::uint64_t>(max_bytes / kPageBytes, 1);
  return run(fmt::format("PRAGMA max_page_count={}", pages).c_str());
}

Result<Database::Size> Database::size() {
  const auto pages = number("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  const auto unused = number("PRAGMA freelist_count");
  if (!unused) return fail(unused.error());
  return Size{.bytes = static_cast<std::uint64_t>(*pages) * kPageBytes,
              .unused = static_cast<std::uint64_t>(*unused) * kPageBytes};
}

Result<> Database::shrink(unsigned pages) {
  return run(fmt::format("PRAGMA incremental_vacuum({})", pages).c_str());
}

Result<> Database::checkpoint() {
  if (is_backed_up()) return {};
  return run("PRAGMA wal_checkpoint(TRUNCATE)");
}

void Database::end_backups() noexcept {
  if (!is_backed_up()) return;
  ++hold_->ended;
  hold_->backups = 0;
  (void)sqlite3_wal_autocheckpoint(connection_.get(), kPagesBetweenCheckpoints);
}

void Database::on_progress(std::function<void()> handler) {
  progress_ = std::make_unique<std::function<void()>>(std::move(handler));
  sqlite3_progress_handler(
      connection_.get(), kStepsBetweenCalls,
      [](void* called) {
        (*static_cast<std::function<void()>*>(called))();
        return 0;
      },
      progress_.get());
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto done = database.run("BEGIN IMMEDIATE"); !done) return fail(std::move(done).error());
  return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_{std::exchange(other.database_, nullptr)} {}

Transaction::~Transaction() {
  // After some errors SQLite has rolled back by itself, and this fails.
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<> Transaction::commit() {
  auto done = database_->run("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace chatd::store
