// SPDX-License-Identifier: GPL-3.0-or-later
// sqlite_error.hpp — an Error from SQLite's result codes.
//
// Runs in:   archive. Internal to this folder.
#pragma once

#include <sqlite3.h>

#include "common/base/result.hpp"

namespace chatd::store {

// "database is locked". `connection` may be null, after a failed open for lack of memory.
[[nodiscard]] inline Error sqlite_error(sqlite3* connection) {
  const int code = connection == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(connection);
  return Error{connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection), -code};
}

}  // namespace chatd::store
