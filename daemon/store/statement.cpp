// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/statement.hpp"

#include "daemon/store/sqlite_error.hpp"

namespace chatd::store {

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept {
  (void)sqlite3_finalize(statement);
}

// Binding fails only for a wrong number, or a value above SQLite's limits: step() then reports what
// is missing.
void Statement::set(int at, std::int64_t value) noexcept {
  (void)sqlite3_bind_int64(statement_.get(), at, value);
}

void Statement::set(int at, std::string_view value) noexcept {
  // A null pointer would bind NULL.
  (void)sqlite3_bind_text64(statement_.get(), at, value.empty() ? "" : value.data(), value.size(),
                            SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::set(int at, Blob value) noexcept {
  if (value.empty()) {
    (void)sqlite3_bind_zeroblob(statement_.get(), at, 0);
    return;
  }
  (void)sqlite3_bind_blob64(statement_.get(), at, value.data(), value.size(), SQLITE_STATIC);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = sqlite_error(sqlite3_db_handle(statement_.get()));
  reset();
  return fail(std::move(error));
}

Result<> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return fail(row.error());
    if (!*row) return {};
  }
}

void Statement::reset() noexcept { (void)sqlite3_reset(statement_.get()); }

std::int64_t Statement::number(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const noexcept {
  const auto* const text =
      reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string_view{} : std::string_view{text, bytes};
}

Blob Statement::blob(int column) const noexcept {
  const auto* const bytes =
      static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace chatd::store
