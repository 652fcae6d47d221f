// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answer_history.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/wire/control/verbs.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

std::expected<wire::HistoryReport, wire::ControlError> history_report(
    HistoryDb& database, const wire::ControlRequest& request) {
  const wire::Verb& verb = wire::verb::kHistory.row;
  const auto lines = number_in(request, verb, "--lines", 50);
  if (!lines || *lines == 0) {
    return refuse(wire::code::kUsage, "--lines takes a number from 1 on");
  }
  const auto before =
      number_in(request, verb, "--before", std::numeric_limits<std::uint64_t>::max());
  if (!before) return refuse(wire::code::kUsage, "--before takes the number of a line");
  std::optional<std::uint64_t> after;
  if (!text_in(request, verb, "--after").empty()) {
    after = number_in(request, verb, "--after", 0);
    if (!after) return refuse(wire::code::kUsage, "--after takes the number of a line");
  }
  if (after && !text_in(request, verb, "--before").empty()) {
    return refuse(wire::code::kUsage, "--before and --after do not go together");
  }
  const std::string_view room{request.args.front()};
  auto page = database.page({.room = room.starts_with('#') ? room.substr(1) : room,
                             .before = *before,
                             .after = after,
                             .lines = std::min<std::uint64_t>(*lines, kLinesOfAPage),
                             .bytes = kBytesOfAPage});
  if (!page) return refuse(wire::code::kFailed, page.error().message());
  if (!*page) {
    return refuse(wire::code::kNotFound, fmt::format("no line of a room {} is stored", room));
  }
  wire::HistoryReport report{.room = std::move((*page)->name),
                             .room_number = (*page)->room,
                             .lines = {},
                             .more = (*page)->has_more};
  for (const auto& line : (*page)->lines) report.lines.push_back(row_of(line));
  return report;
}

wire::ControlReply answer_history(HistoryDb& database, const wire::ControlRequest& request) {
  const auto report = history_report(database, request);
  if (!report) return std::unexpected{report.error()};
  return to_json(*report);
}

}  // namespace chatd::archive
