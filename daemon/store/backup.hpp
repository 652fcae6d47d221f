// SPDX-License-Identifier: GPL-3.0-or-later
// backup.hpp — reads the file of a database as it was at one moment, while rows are written.
//
// Runs in:   archive.
// Borrows:   the Database, which may be closed or destroyed before the Backup.
// Invariant: the file has all that was committed before begin(), and does not change until the
//            Backup ends: what is committed meanwhile stays in the journal, which grows. So no
//            space for a copy is needed, and the size is known before the first byte is read.
// Errors:    read() fails after Database::end_backups(), and when the database was closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "daemon/store/database.hpp"

namespace chatd::store {

class Backup {
 public:
  // No statement of the database has a row at this moment.
  [[nodiscard]] static Result<Backup> begin(Database& database);
  Backup(Backup&& other) noexcept = default;
  Backup& operator=(Backup&&) = delete;
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup();

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  // The bytes of the file from `at` on, which are within it.
  [[nodiscard]] Result<> read(std::uint64_t at, std::span<std::byte> out);

 private:
  explicit Backup(Database& database);
  [[nodiscard]] bool is_whole() const noexcept { return hold_ && hold_->ended == ended_; }

  std::weak_ptr<sqlite3> connection_;
  std::shared_ptr<Database::Hold> hold_;  // null: moved from
  unsigned ended_;                        // Hold::ended at the beginning
  std::uint64_t bytes_{0};
};

}  // namespace chatd::store
