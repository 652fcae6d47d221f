// SPDX-License-Identifier: GPL-3.0-or-later
// registry_db.hpp — registry.db: the rows that last, as texts, and which memory they are of.
//
// Runs in:   archive.
// Owns:      the database and its statements.
// Invariant: rows and what is said about them are stored in one transaction: after a kill at any
//            instruction the database has the rows of one moment.
// Errors:    those of daemon/store; the caller decides by fault_of().
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/archive/registry_rows.hpp"
#include "daemon/store/database.hpp"

namespace chatd::archive {

// The version of its tables, see daemon/store/schema.hpp.
inline constexpr std::int64_t kRegistrySchemaVersion = 1;

// The names of the lists, in the database and in registry.json.
[[nodiscard]] std::string_view name_of(KeptList list) noexcept;

class RegistryDb {
 public:
  // `alive` is called now and then while a statement takes long.
  [[nodiscard]] static Result<RegistryDb> open(const std::string& path,
                                               std::function<void()> alive);

  // Of the memory whose rows these are.
  struct Meta {
    std::uint64_t epoch{0};   // of its history
    std::uint64_t memory{0};  // see state::RegistryHead
    std::uint64_t saved{0};   // the version up to which it has all changes
    std::uint64_t last_rule{0};
    std::uint64_t last_room{0};
    friend bool operator==(const Meta&, const Meta&) = default;
  };
  struct Contents {
    Meta meta;  // all 0: nothing was saved yet
    std::map<KeptPlace, std::string> rows;
  };
  [[nodiscard]] Result<Contents> contents();
  [[nodiscard]] Result<> save(std::span<const KeptRow> rows, const Meta& meta);
  [[nodiscard]] store::Database& file() noexcept { return database_; }

 private:
  enum class Query : std::uint8_t { put_row, delete_row, put_meta, rows, meta };
  static constexpr std::size_t kQueries = static_cast<std::size_t>(Query::meta) + 1;
  explicit RegistryDb(store::Database database) noexcept : database_{std::move(database)} {}
  [[nodiscard]] store::Statement& query(Query which) noexcept {
    return statements_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] Result<> prepare();
  [[nodiscard]] Result<> save_all(std::span<const KeptRow> rows, const Meta& meta);
  [[nodiscard]] Result<> save_row(const KeptRow& row);

  store::Database database_;
  std::array<store::Statement, kQueries> statements_;
};

}  // namespace chatd::archive
