// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of a page: who is there, which rooms, stored lines.
#include <algorithm>
#include <limits>
#include <utility>

#include "common/wire/native/list_rows.hpp"
#include "common/wire/rfc3339.hpp"
#include "daemon/web/api.hpp"

namespace chatd::web {

namespace {

using http::Exchange;
using http::Request;
using wire::HistoryWay;

// Of a list; the server's largest table of sessions.
constexpr std::size_t kMaxListBytes = std::size_t{8} << 20U;

std::uint8_t limit_of(const Request& request) {
  const auto limit = wire::number_of<std::uint32_t>(request.parameter("limit").value_or(""));
  return static_cast<std::uint8_t>(
      std::clamp<std::uint32_t>(limit.value_or(wire::kMaxPageLines), 1, wire::kMaxPageLines));
}

// nullopt: a place that is no number or time.
std::optional<wire::HistoryQuestion> question_of(const Request& request) {
  wire::HistoryQuestion question{.way = HistoryWay::before,
                                 .value = std::numeric_limits<std::uint64_t>::max(),
                                 .lines = limit_of(request)};
  for (const auto& [name, way] : {std::pair{"before", HistoryWay::before},
                                  {"after", HistoryWay::after},
                                  {"around", HistoryWay::around}}) {
    const auto place = request.parameter(name);
    if (!place) continue;
    const auto number = wire::number_of<std::uint64_t>(*place);
    if (!number) return std::nullopt;
    question.way = way;
    question.value = *number;
  }
  if (const auto since = request.parameter("since")) {
    const auto time = wire::parse_rfc3339(*since);
    if (!time) return std::nullopt;
    question.way = HistoryWay::since;
    question.value = static_cast<std::uint64_t>(time->time_since_epoch().count());
  }
  return question;
}

}  // namespace

void Api::users(Exchange exchange, MonoTime now) {
  with_session(std::move(exchange), now,
               [this, now](const Entered& entered, const Waiting& waiting) {
                 list(entered, waiting, {}, 0, true, now);
               });
}

void Api::rooms(Exchange exchange, MonoTime now) {
  with_session(std::move(exchange), now,
               [this, now](const Entered& entered, const Waiting& waiting) {
                 list(entered, waiting, {}, 0, false, now);
               });
}

// Asks for one part after the other.
void Api::list(const Entered& entered, const Waiting& waiting, std::string rows,
               std::uint32_t place, bool is_users, MonoTime now) {
  std::string bytes;
  if (is_users) {
    const auto name = waiting->exchange.request().parameter("room");
    const auto room = name ? room_of(entered, *name) : std::nullopt;
    if (name && !room) {
      return waiting->exchange.answer(response_of({.reason = wire::Reason::not_in_that_room}));
    }
    bytes = who_command(room, place);
  } else {
    bytes = rooms_command(place);
  }
  members_.list(entered.session, std::move(bytes), now,
                [this, entered, waiting, rows = std::move(rows), is_users, now](auto part) mutable {
                  if (!part) return refuse(waiting, part.error());
                  if (!rows.empty()) rows += '\n';
                  rows += part->text;
                  if (part->next && rows.size() < kMaxListBytes) {
                    return list(entered, waiting, std::move(rows), *part->next, is_users, now);
                  }
                  waiting->exchange.answer(is_users ? users_response(rows) : rooms_response(rows));
                });
}

void Api::history(Exchange exchange, MonoTime now) {
  with_session(std::move(exchange), now,
               [this, now](const Entered& entered, const Waiting& waiting) {
                 const auto question = question_of(waiting->exchange.request());
                 if (!question) {
                   return waiting->exchange.answer(
                       refused_response(code::kBadPlace, "The place is no number or time."));
                 }
                 ask_history(entered, waiting, *question, now);
               });
}

// Without a room: in all rooms of the session.
void Api::search(Exchange exchange, MonoTime now) {
  with_session(
      std::move(exchange), now, [this, now](const Entered& entered, const Waiting& waiting) {
        auto question = question_of(waiting->exchange.request());
        const auto text = waiting->exchange.request().parameter("q").value_or("");
        if (!question || text.empty() || text.size() > kMaxSearchBytes) {
          return waiting->exchange.answer(response_of({.reason = wire::Reason::bad_search}));
        }
        const bool has_room = waiting->exchange.request().parameter("room").has_value();
        question->way = has_room ? HistoryWay::search : HistoryWay::search_all;
        question->text = text;
        ask_history(entered, waiting, *question, now);
      });
}

void Api::ask_history(const Entered& entered, const Waiting& waiting,
                      const wire::HistoryQuestion& question, MonoTime now) {
  const auto room = room_of(entered, waiting->exchange.request().parameter("room").value_or(""));
  if (!room)
    return waiting->exchange.answer(response_of({.reason = wire::Reason::not_in_that_room}));
  const bool is_forward = question.way == HistoryWay::after || question.way == HistoryWay::since;
  members_.history(
      entered.session, history_command(*room, question), now,
      [this, waiting, is_forward](auto answer) {
        if (!answer) return refuse(waiting, answer.error());
        if (!answer->is_read) {
          return waiting->exchange.answer(response_of({.reason = wire::Reason::history_down}));
        }
        waiting->exchange.answer(
            lines_response(*answer, is_forward, [this](std::uint32_t id) { return name_of(id); }));
      });
}

}  // namespace chatd::web
