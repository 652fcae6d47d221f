// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/backup.hpp"

#include <utility>

#include <sqlite3.h>

#include "daemon/store/sqlite_error.hpp"

namespace chatd::store {

namespace {

// The file as SQLite has it open: to close a second descriptor of it would release SQLite's lock.
Result<sqlite3_file*> file_of(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  const int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER,
                                        static_cast<void*>(&file));
  if (code != SQLITE_OK || file == nullptr || file->pMethods == nullptr) {
    return fail(Error{"the file of the database is not open", -SQLITE_MISUSE});
  }
  return file;
}

}  // namespace

Backup::Backup(Database& database)
    : connection_{database.connection_}, hold_{database.hold_}, ended_{database.hold_->ended} {
  ++hold_->backups;
}

Backup::~Backup() {
  if (!is_whole() || --hold_->backups != 0) return;
  const auto connection = connection_.lock();
  if (connection)
    (void)sqlite3_wal_autocheckpoint(connection.get(), Database::kPagesBetweenCheckpoints);
}

Result<Backup> Backup::begin(Database& database) {
  const bool is_first = !database.is_backed_up();
  if (!is_first) return fail(Error{"another backup is being made", -SQLITE_BUSY});
  // The first column of the row: whether not all could be copied.
  const auto busy = database.number("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!busy) return fail(busy.error());
  if (*busy != 0) return fail(Error{"the database is in use", -SQLITE_BUSY});
  (void)sqlite3_wal_autocheckpoint(database.connection_.get(), 0);
  Backup backup{database};
  const auto file = file_of(database.connection_.get());
  if (!file) return fail(file.error());
  sqlite3_int64 bytes = 0;
  if (const int code = (*file)->pMethods->xFileSize(*file, &bytes); code != SQLITE_OK) {
    return fail(Error{sqlite3_errstr(code), -code});
  }
  backup.bytes_ = static_cast<std::uint64_t>(bytes);
  return backup;
}

Result<> Backup::read(std::uint64_t at, std::span<std::byte> out) {
  const auto connection = connection_.lock();
  if (!is_whole() || !connection) {
    return fail(Error{"the backup was ended: the database needs its journal, or was closed"});
  }
  const auto file = file_of(connection.get());
  if (!file) return fail(file.error());
  const int code = (*file)->pMethods->xRead(*file, out.data(), static_cast<int>(out.size()),
                                            static_cast<sqlite3_int64>(at));
  if (code != SQLITE_OK) return fail(Error{sqlite3_errstr(code), -code});
  return {};
}

}  // namespace chatd::store
