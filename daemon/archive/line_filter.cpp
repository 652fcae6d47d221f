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
  auto time = wire::parse_rfc3339(text);
  if (time) return time;
  return refuse(wire::code::kUsage,
                fmt::format("{} takes a time such as 2026-11-29T10:00:00Z", option));
}

// The ids that were found, of which there must be one. `what`: what they are lines of.
std::expected<std::vector<std::int64_t>, wire::ControlError> found_in(Ids ids,
                                                                      std::string_view what) {
  if (!ids) return refuse(wire::code::kFailed, ids.error().message());
  if (ids->empty()) {
    return refuse(wire::code::kNotFound, fmt::format("no line of {} is stored", what));
  }
  return std::move(*ids);
}

}  // namespace

std::expected<LineFilter, wire::ControlError> LineFilter::of(EraseDb& database,
                                                             const wire::ControlRequest& request,
                                                             const wire::Verb& verb) {
  LineFilter filter;
  if (const std::string_view room = room_of(request, verb); !room.empty()) {
    auto rooms = found_in(database.rooms_named(room), fmt::format("a room {}", room));
    if (!rooms) return std::unexpected{std::move(rooms).error()};
    filter.rooms = std::move(*rooms);
  }
  if (const std::string_view author = value_in(request, verb, "--author"); !author.empty()) {
    auto authors = found_in(database.authors_named(author), author);
    if (!authors) return std::unexpected{std::move(authors).error()};
    filter.authors = std::move(*authors);
  }
  if (!value_in(request, verb, "--message").empty()) {
    const auto number = number_in(request, verb, "--message", 0);
    if (!number) return refuse(wire::code::kUsage, "--message takes the number of a line");
    filter.number = number;
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
