// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/line_filter.hpp"

#include <fmt/format.h>

#include "common/wire/rfc3339.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

namespace {

using Ids = Result<std::vector<std::int64_t>>;

std::string_view room_of(const wire::ControlRequest& request, const wire::Verb& verb) {
  const std::size_t at = verb.all_args() - 1;
  return verb.takes_room && at < request.args.size() ? std::string_view{request.args[at]} : "";
}

// "": not given. Behind the arguments of the verb there may be others.
std::string_view value_in(const wire::ControlRequest& request, const wire::Verb& verb,
                          std::string_view option) {
  return verb.has_option(option) ? text_in(request, verb, option) : std::string_view{};
}

// A time that chatctl has read, see common/base/time.hpp.
std::expected<std::optional<WallTime>, wire::ControlError> time_in(
    const wire::ControlRequest& request, const wire::Verb& verb, std::string_view option) {
  const std::string_view text = value_in(request, verb, option);
  if (text.empty()) return std::optional<WallTime>{};
  const auto time = wire::parse_rfc3339(text);
  if (time) return std::optional{*time};
  return refuse(wire::code::kUsage,
                fmt::format("{} takes a time such as 2026-11-29T10:00:00Z", option));
}

}  // namespace

std::expected<LineFilter, wire::ControlError> LineFilter::of(EraseDb& database,
                                                             const wire::ControlRequest& request,
                                                             const wire::Verb& verb) {
  LineFilter filter;
  if (const std::string_view room = room_of(request, verb); !room.empty()) {
    Ids rooms = database.rooms_named(room);
    if (!rooms) return refuse(wire::code::kFailed, rooms.error().message());
    if (rooms->empty()) {
      return refuse(wire::code::kNotFound, fmt::format("no line of a room {} is stored", room));
    }
    filter.rooms = std::move(*rooms);
  }
  if (const std::string_view author = value_in(request, verb, "--author"); !author.empty()) {
    Ids authors = database.authors_named(author);
    if (!authors) return refuse(wire::code::kFailed, authors.error().message());
    if (authors->empty()) {
      return refuse(wire::code::kNotFound, fmt::format("no line of {} is stored", author));
    }
    filter.authors = std::move(*authors);
  }
  if (!value_in(request, verb, "--message").empty()) {
    const auto number = number_in(request, verb, "--message", 0);
    if (!number) return refuse(wire::code::kUsage, "--message takes the number of a line");
    filter.number = *number;
    // Numbers begin anew in a room that was made again under the name.
    if (filter.rooms) filter.rooms->erase(filter.rooms->begin(), filter.rooms->end() - 1);
  }
  const auto since = time_in(request, verb, "--since");
  if (!since) return std::unexpected{since.error()};
  filter.since = *since;
  const auto before = time_in(request, verb, "--before");
  if (!before) return std::unexpected{before.error()};
  filter.before = *before;
  return filter;
}

}  // namespace chatd::archive
