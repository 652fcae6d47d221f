// SPDX-License-Identifier: GPL-3.0-or-later
// statement.hpp — a prepared statement of a Database.
//
// Runs in:   archive.
// Owns:      the statement.   Borrows: the texts that are bound, until reset().
// Invariant: a statement is run by step() until there is no row, or given up by reset().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "common/base/result.hpp"

struct sqlite3_stmt;

namespace chatd::store {

using Blob = std::span<const std::byte>;

class Statement {
 public:
  Statement() noexcept = default;
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_{statement} {}

  // Gives the parameters ?1, ?2, ... their values, in this order.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int at = 0;
    (set(++at, values), ...);
    return *this;
  }

  // True: a row is there. False: the statement has ended, and can be bound again.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that has no rows.
  [[nodiscard]] Result<> run();
  void reset() noexcept;

  // Of the current row. A view is valid until the next step() or reset().
  [[nodiscard]] std::int64_t number(int column) const noexcept;
  [[nodiscard]] std::string_view text(int column) const noexcept;
  [[nodiscard]] Blob blob(int column) const noexcept;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  void set(int at, std::int64_t value) noexcept;
  void set(int at, std::string_view value) noexcept;
  void set(int at, Blob value) noexcept;

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

}  // namespace chatd::store
