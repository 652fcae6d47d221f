// SPDX-License-Identifier: GPL-3.0-or-later
// database.hpp — a SQLite database that one process has for itself. This folder is the only one
// that uses SQLite.
//
// Runs in:   archive.
// Owns:      the connection. Statements must not outlive it.
// Invariant: journal in WAL mode, synchronous FULL: what commit() has returned for survives a
//            power loss. The lock is exclusive: no second process reads or writes the file, and no
//            shared memory file is made. Deleted text is overwritten (secure_delete). The files
//            are 0600.
// Errors:    Result; fault_of() says what can be done.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "daemon/store/fault.hpp"
#include "daemon/store/statement.hpp"

struct sqlite3;

namespace chatd::store {

// The folder without symbolic links in its path, of which Database::open() takes none;
// /var/lib/chatd may be one. As it is, if it cannot be read.
[[nodiscard]] std::string real_path(const std::string& directory);

class Database {
 public:
  static constexpr std::uint64_t kPageBytes = 4096;
  static constexpr int kPagesBetweenCheckpoints = 1000;  // SQLite's own value

  // Opens the file or makes it. The path has no symbolic link. `max_bytes`: see limit().
  [[nodiscard]] static Result<Database> open(const std::string& path, std::uint64_t max_bytes);

  // One or more statements without rows.
  [[nodiscard]] Result<> run(const char* sql);
  // The number in the first column of the first row; 0 if there is no row.
  [[nodiscard]] Result<std::int64_t> number(const char* sql);
  [[nodiscard]] Result<Statement> prepare(const char* sql);

  // The largest size of the file. Writes that need more fail with Fault::full; deleting rows goes
  // on. A file that is larger already keeps its size.
  [[nodiscard]] Result<> limit(std::uint64_t max_bytes);
  // The bytes of the file, and those of them that no row uses.
  struct Size {
    std::uint64_t bytes{0};
    std::uint64_t unused{0};
  };
  [[nodiscard]] Result<Size> size();
  // Copies the journal into the file and empties it; not while a Backup reads the file.
  [[nodiscard]] Result<> checkpoint();
  // True: a Backup reads the file, and the journal grows.
  [[nodiscard]] bool is_backed_up() const noexcept { return hold_->backups != 0; }
  // Ends all backups: each reports an error at its next step.
  void end_backups() noexcept;
  // Gives at most `pages` unused pages at the end of the file back to the disk.
  [[nodiscard]] Result<> shrink(unsigned pages);

  // Called now and then during a long statement.
  void on_progress(std::function<void()> handler);

 private:
  friend class Backup;
  struct Closer {
    void operator()(sqlite3* connection) const noexcept;
  };
  // The backups that keep the file as it is.
  struct Hold {
    unsigned backups{0};
    unsigned ended{0};  // how often end_backups() was called
  };
  explicit Database(sqlite3* connection)
      : connection_{connection, Closer{}}, hold_{std::make_shared<Hold>()} {}

  std::unique_ptr<std::function<void()>> progress_;
  std::shared_ptr<sqlite3> connection_;  // calls `progress_`; a Backup sees whether it is open
  std::shared_ptr<Hold> hold_;
};

// Begins a transaction; the destructor rolls it back unless commit() succeeded.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  [[nodiscard]] Result<> commit();

 private:
  explicit Transaction(Database& database) noexcept : database_{&database} {}
  Database* database_;  // null: over
};

}  // namespace chatd::store
