// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/answers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/http/server.hpp"
#include "common/wire/events/event_json.hpp"
#include "common/wire/native/list_rows.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/web/render.hpp"

namespace chatd::web {

namespace {

using wire::EventJson;
using wire::Reason;

std::string seconds_text(Micros wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return std::to_string(std::max<std::int64_t>(seconds, 1));
}

http::Response with_retry(http::Response response, Micros wait) {
  response.headers.emplace_back("Retry-After", seconds_text(wait));
  return response;
}

constexpr Micros kSoon = std::chrono::seconds{1};

http::Response reason_response(const Refusal& refusal) {
  std::string text = refusal.text.empty() ? sentence_of(refusal.reason) : refusal.text;
  auto response = refused_response(code_for(refusal.reason), std::move(text));
  // A rate: there is room for another request within a second.
  const bool is_rate = refusal.reason == Reason::busy || refusal.reason == Reason::questions_full;
  return is_rate ? with_retry(std::move(response), kSoon) : response;
}

EventJson line_json(const sys::StoredLine& line, const std::string& room) {
  const auto kind = static_cast<wire::RecordKind>(line.kind);
  const WallTime time{Micros{line.at}};
  if (line.kind == wire::kStoredGap) {
    EventJson json = wire::begin_event(kGapEvent, room);
    json["time"] = wire::json_of(time);
    json["sequence"] = line.number;
    if (line.last != 0) json["last"] = line.last;
    return json;
  }
  EventJson json = wire::json_of(wire::LineEvent{.kind = kind,
                                                 .room = room,
                                                 .time = time,
                                                 .sequence = line.number,
                                                 .name = line.name,
                                                 .text = line.text});
  if (!json.empty() && line.person != 0) json["person"] = person_text(line.person);
  return json;
}

// The largest integer that a script of a page can hold.
constexpr std::uint64_t kMaxJsNumber = (std::uint64_t{1} << 53U) - 1;

http::Response ok(const EventJson& json, int status = 200) {
  return {.status = status, .body = wire::event_line(json)};
}

}  // namespace

// The sentence of some reasons has figures in the text that the server sends to others.
std::string sentence_of(Reason reason) {
  const auto& row = wire::row_of(reason);
  return std::string{row.server.en.empty() ? row.client.en : row.server.en};
}

http::Response refused_response(const http::Code& code, std::string message) {
  return http::refusal_response(http::refusal_of(code, std::move(message)));
}

http::Response response_of(const Refusal& refusal) {
  switch (refusal.kind) {
    case Refusal::Kind::reason:
      return reason_response(refusal);
    case Refusal::Kind::too_soon:
      return with_retry(refused_response(code::kTooFast, "You send faster than is allowed."),
                        refusal.wait);
    case Refusal::Kind::gap: {
      EventJson json;
      json["error"] = code::kGap.word;
      json["message"] = "The next command has another number.";
      json["next"] = refusal.next;
      return ok(json, code::kGap.status);
    }
    case Refusal::Kind::no_space:
      return with_retry(refused_response(code::kUnread, "Read the events of your session first."),
                        kSoon);
    case Refusal::Kind::unknown:
      return reason_response({.reason = Reason::no_session});
    case Refusal::Kind::late:
      return with_retry(refused_response(code::kLate, "No answer yet; send the same again."),
                        kSoon);
    case Refusal::Kind::busy:
      break;
  }
  return with_retry(refused_response(code::kBusy, "Too many requests wait."), kSoon);
}

http::Response entered_response(const Entered& entered, const std::vector<OwnRoom>& rooms,
                                std::string_view cursor) {
  EventJson json;
  json["person"] = person_text(entered.person);
  json["name"] = entered.name;
  json["resumed"] = entered.is_again;
  json["next"] = entered.uplink + 1;
  EventJson list = EventJson::array();
  for (const OwnRoom& room : rooms) {
    EventJson row;
    row["room"] = room.name;
    if (!room.topic.empty()) row["topic"] = room.topic;
    list.push_back(std::move(row));
  }
  json["rooms"] = std::move(list);
  json["cursor"] = cursor;
  return ok(json, 201);
}

// A row: "name\tperson\taway", with further words.
http::Response users_response(std::string_view rows) {
  EventJson users = EventJson::array();
  while (!rows.empty()) {
    std::string_view row = wire::take_row(rows);
    const std::string_view name = wire::take_field(row);
    if (name.empty()) continue;
    EventJson user;
    user["name"] = name;
    bool is_away = false;
    bool is_text = false;
    bool is_owned = false;
    while (!row.empty()) {
      const std::string_view field = wire::take_field(row);
      is_away = is_away || field == "away";
      is_text = is_text || field == "text";
      is_owned = is_owned || field == "owned";
      constexpr std::size_t kPersonDigits = wire::kPersonBytes - 1;
      if (field.size() == kPersonDigits) user["person"] = field;
    }
    user["away"] = is_away;
    user["text_member"] = is_text;
    user["owned"] = is_owned && !is_text;
    users.push_back(std::move(user));
  }
  EventJson json;
  json["users"] = std::move(users);
  return ok(json);
}

http::Response rooms_response(std::string_view rows) {
  EventJson rooms = EventJson::array();
  while (!rows.empty()) {
    std::string_view row = wire::take_row(rows);
    EventJson room;
    room["room"] = wire::take_field(row);
    room["members"] = wire::number_of<std::uint64_t>(wire::take_field(row)).value_or(0);
    room["in"] = row == "in";
    rooms.push_back(std::move(room));
  }
  EventJson json;
  json["rooms"] = std::move(rooms);
  return ok(json);
}

http::Response lines_response(const sys::Answer& answer, bool is_forward, const RoomName& name_of) {
  EventJson lines = EventJson::array();
  for (const sys::StoredLine& line : answer.lines) {
    EventJson json = line_json(line, name_of(line.room != 0 ? line.room : answer.room));
    if (!json.empty()) lines.push_back(std::move(json));
  }
  EventJson json;
  json["lines"] = std::move(lines);
  // Without a line there may be no place to go on from.
  json["first"] = answer.first <= kMaxJsNumber ? answer.first : 0;
  json["last"] = answer.last <= kMaxJsNumber ? answer.last : 0;
  json["older"] = answer.has_older;
  json["newer"] = answer.has_newer;
  json["more"] = is_forward ? answer.has_newer : answer.has_older;
  return ok(json);
}

}  // namespace chatd::web
