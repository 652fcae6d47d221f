// SPDX-License-Identifier: GPL-3.0-or-later
// schema.hpp — brings the tables of a database to the version of this program.
//
// Runs in:   archive.
// Invariant: `PRAGMA user_version` is the number of steps that were carried out. A step is never
//            changed once it was released; a change of the tables is another step.
#pragma once

#include <span>

#include "daemon/store/database.hpp"

namespace chatd::store {

// Carries out the steps that are missing, all of them in one transaction. Errors: Fault::newer if
// the database has more steps than this; it is not changed then.
[[nodiscard]] Result<> migrate(Database& database, std::span<const char* const> steps);

}  // namespace chatd::store
