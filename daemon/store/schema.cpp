// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/schema.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace chatd::store {

Result<> migrate(Database& database, std::span<const char* const> steps) {
  const auto version = database.number("PRAGMA user_version");
  if (!version) return fail(version.error());
  const auto done_steps = static_cast<std::size_t>(*version);
  if (*version < 0 || done_steps > steps.size()) {
    return fail(Error{
        fmt::format("the schema has version {}, and this program knows {}", *version, steps.size()),
        kNewerSchema});
  }
  if (done_steps == steps.size()) return {};
  auto transaction = Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction).error());
  for (const char* const step : steps.subspan(done_steps)) {
    if (auto done = database.run(step); !done) return done;
  }
  const auto set_version = fmt::format("PRAGMA user_version={}", steps.size());
  if (auto done = database.run(set_version.c_str()); !done) return done;
  return transaction->commit();
}

}  // namespace chatd::store
