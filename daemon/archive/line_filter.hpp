// SPDX-License-Identifier: GPL-3.0-or-later
// line_filter.hpp — which stored lines an administrator selects: those that fulfil all conditions.
//
// Runs in:   archive. Pure, but of() reads the database.
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/control_message.hpp"
#include "common/wire/control/verb.hpp"
#include "daemon/archive/erase_db.hpp"

namespace chatd::archive {

struct LineFilter {
  std::optional<std::vector<std::int64_t>> rooms{};    // numbers in the database; nullopt: all
  std::optional<std::vector<std::int64_t>> authors{};  // rows; nullopt: all
  std::optional<std::uint64_t> number{};
  std::optional<WallTime> since{};
  std::optional<WallTime> before{};

  [[nodiscard]] bool has(const EraseDb::Found& line) const {
    const auto is_in = [](const auto& ids, std::int64_t id) {
      return !ids || std::ranges::find(*ids, id) != ids->end();
    };
    return is_in(rooms, line.room) && is_in(authors, line.author) &&
           (!number || *number == line.sequence) && (!since || line.at >= *since) &&
           (!before || line.at < *before);
  }

  // From the options --room, --author, --message, --since and --before of the request, of those
  // that the verb has. `room`: the value of --room. Errors: a room or an author that no line has,
  // or a value that cannot be.
  [[nodiscard]] static std::expected<LineFilter, wire::ControlError> of(
      EraseDb& database, const wire::ControlRequest& request, const wire::Verb& verb);
};

}  // namespace chatd::archive
