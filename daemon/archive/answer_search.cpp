// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answer_search.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/wire/control/verbs.hpp"
#include "common/wire/name.hpp"
#include "common/wire/search_query.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

namespace {

using wire::ControlError;

std::unexpected<ControlError> refuse_fault(wire::SearchFault fault) {
  return refuse(wire::code::kUsage, std::string{words_of(fault)});
}

// The words, and the options, which go before the filters in the words.
std::expected<wire::SearchQuery, ControlError> query_of(const wire::ControlRequest& request) {
  const wire::Verb& verb = wire::verb::kSearch.row;
  const WallTime now = wall_now();
  auto query = wire::parse_search(request.args.front(), now);
  if (!query) return refuse_fault(query.error());
  if (const auto from = text_in(request, verb, "--from"); !from.empty()) {
    query->from = wire::folded_name(from);
    if (query->from.empty()) return refuse_fault(wire::SearchFault::not_a_name);
  }
  if (const auto since = text_in(request, verb, "--since"); !since.empty()) {
    query->since = wire::parse_search_time(since, now);
    if (!query->since) return refuse_fault(wire::SearchFault::not_a_time);
  }
  const std::size_t room_at = verb.all_args() - 1;
  if (request.args.size() > room_at && !request.args[room_at].empty()) {
    query->room = request.args[room_at];
    if (query->room.starts_with('#')) query->room.erase(0, 1);
  }
  return std::move(*query);
}

wire::SearchRow row_of(const SearchHit& hit) {
  wire::HistoryRow line = row_of(hit.line);
  return {.room = hit.room_name,
          .room_number = hit.room,
          .number = line.number,
          .time = line.time,
          .kind = std::move(line.kind),
          .name = std::move(line.name),
          .key = std::move(line.key),
          .text = std::move(line.text)};
}

std::expected<SearchRequest, ControlError> search_of(HistoryDb& database,
                                                     const wire::ControlRequest& request) {
  const wire::Verb& verb = wire::verb::kSearch.row;
  const auto lines = number_in(request, verb, "--lines", 50);
  if (!lines || *lines == 0) {
    return refuse(wire::code::kUsage, "--lines takes a number from 1 on");
  }
  SearchRequest search;
  const auto before = number_in(request, verb, "--before", search.before);
  if (!before) return refuse(wire::code::kUsage, "--before takes the `next` of another search");
  auto query = query_of(request);
  if (!query) return std::unexpected{std::move(query).error()};
  search.query = std::move(*query);
  search.before = *before;
  search.lines = std::min<std::uint64_t>(*lines, kLinesOfAPage);
  search.bytes = kBytesOfAPage;
  search.is_time_over = [end = mono_now() + kSearchTime] { return mono_now() >= end; };
  if (const std::string& name = search.query.room; !name.empty()) {
    const auto room = database.room_of(name);
    if (!room) return refuse(wire::code::kFailed, room.error().message());
    if (!*room) {
      return refuse(wire::code::kNotFound, fmt::format("no line of a room {} is stored", name));
    }
    search.rooms = std::vector{SearchRoom{.room = **room}};
  }
  return search;
}

}  // namespace

wire::ControlReply answer_search(HistoryDb& database, const wire::ControlRequest& request) {
  auto search = search_of(database, request);
  if (!search) return std::unexpected{std::move(search).error()};
  const auto page = database.search(*search);
  if (!page) return refuse(wire::code::kFailed, page.error().message());
  wire::SearchReport report{
      .lines = {}, .more = page->has_more, .next = page->next, .complete = page->is_complete};
  for (const SearchHit& hit : page->hits) report.lines.push_back(row_of(hit));
  return to_json(report);
}

}  // namespace chatd::archive
