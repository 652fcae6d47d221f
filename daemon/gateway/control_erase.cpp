// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_erase.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/wire/control/history_verbs.hpp"
#include "common/wire/rfc3339.hpp"
#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

namespace {

const wire::Verb& kRow = wire::verb::kErase.row;

// A number of the room that no line has.
constexpr std::uint64_t kNoLine = std::numeric_limits<std::uint64_t>::max();

}  // namespace

std::expected<std::uint64_t, control::Refusal> ControlErase::number_of(std::string_view text,
                                                                       const Room& room) const {
  std::uint64_t number = 0;
  const auto end = std::from_chars(text.begin(), text.end(), number);
  if (end.ec != std::errc{} || end.ptr != text.end()) {
    return refuse_request(wire::code::kUsage, "--message takes the number of a line");
  }
  if (room) return number;
  const std::uint64_t base = state_.archive().default_base.load(std::memory_order_relaxed);
  return number >= base ? number - base : kNoLine;
}

std::vector<ControlErase::Room> ControlErase::all_rooms() const {
  std::vector<Room> rooms(1);  // the default room comes first
  chat::for_each_room(chat_.rooms, [&](const state::RoomPlace& one) { rooms.emplace_back(one); });
  return rooms;
}

std::expected<std::vector<ControlErase::Room>, control::Refusal> ControlErase::rooms_named(
    std::string_view name) const {
  const auto found = rooms_.find(name);
  if (found) return std::vector<Room>{*found};
  if (!history_.is_enabled()) return std::unexpected{found.error()};
  return std::vector<Room>{};
}

std::expected<ControlErase::Request, control::Refusal> ControlErase::read(
    const control::Args& args) const {
  const auto option = [&](std::string_view name) { return option_in(args, kRow, name); };
  Request request;
  request.is_dry_run = !option("--dry-run").empty();
  request.selection.author = option("--author");
  const auto room = room_in(args, kRow);
  const bool has_room = room && !room->empty();
  request.has_room = has_room;
  if (!has_room && request.selection.author.empty() && option("--before").empty()) {
    return refuse_request(wire::code::kUsage,
                          "erase what? --room ROOM --message N, --room, --author or --before");
  }
  if (const std::string_view before = option("--before"); !before.empty()) {
    request.selection.before = wire::parse_rfc3339(before);
    if (!request.selection.before) {
      return refuse_request(wire::code::kUsage,
                            "--before takes a time such as 2026-11-29T10:00:00Z");
    }
  }
  auto rooms = has_room ? rooms_named(*room) : all_rooms();
  if (!rooms) return std::unexpected{std::move(rooms).error()};
  request.rooms = std::move(*rooms);
  if (const std::string_view number = option("--message"); !number.empty()) {
    if (!has_room) {
      return refuse_request(wire::code::kUsage, "--message goes with --room: numbers are a room's");
    }
    const auto line = number_of(number, request.rooms.empty() ? Room{} : request.rooms[0]);
    if (!line) return std::unexpected{line.error()};
    request.selection.number = *line;
  } else if (!request.is_dry_run && option("--yes").empty()) {
    return refuse_request(wire::code::kTooWide,
                          "this may erase many lines: --dry-run counts them, --yes erases them");
  }
  return request;
}

control::AnswerOrPassed<wire::ErasedReport> ControlErase::erase(const control::Args& args,
                                                                const control::Caller& caller) {
  const auto request = read(args);
  if (!request) return std::unexpected{request.error()};
  if (history_.is_enabled()) {
    // Before anything is erased: the numbers of the default room are the archive's, too.
    if (auto reason = history_.reason_not_to_erase()) {
      return std::unexpected{std::move(*reason)};
    }
  }
  const chat::Now now = control_now();
  wire::ErasedReport report{.lines = 0, .is_dry_run = request->is_dry_run, .is_gone = true};
  for (const Room& room : request->rooms) {
    report.lines += request->is_dry_run ? chat_.erasure.count(room, request->selection)
                                        : chat_.erasure.erase(room, request->selection, now);
  }
  // Direct messages that wait are in no room.
  if (!request->has_room) {
    report.lines += chat_.waiting.erase({.author = request->selection.author,
                                         .before = request->selection.before,
                                         .is_dry_run = request->is_dry_run});
  }
  if (!history_.is_enabled()) {
    if (report.lines == 0) return refuse_request(wire::code::kNotFound, "there is no such line");
    return report;
  }
  control::Args passed = args;
  passed.resize(kRow.all_args());
  passed.push_back(fmt::format("uid {}", caller.uid));
  passed.push_back(std::to_string(report.lines));
  const auto done = history_.pass(kRow, passed, caller);
  if (done) return std::nullopt;
  return refuse_request(
      done.error().code,
      done.error().message + ": the lines are erased in memory only, repeat it later");
}

}  // namespace chatd::gateway
