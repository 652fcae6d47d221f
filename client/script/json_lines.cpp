// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/json_lines.hpp"

#include <cstdint>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "client/words/history_words.hpp"
#include "client/words/room_words.hpp"
#include "common/base/time.hpp"
#include "common/wire/events/event_json.hpp"

namespace chatd::client {

namespace {

using Json = wire::EventJson;
using wire::RecordKind;

using wire::about_event;
using wire::add_text;
using wire::add_topic;
using wire::begin_event;
using wire::event_line;
using wire::json_of;

// Of other kinds it is not always known.
bool says_text_member(RecordKind kind) { return is_room_message(kind) || kind == RecordKind::join; }

Json json_of(const Line& line) {
  wire::LineEvent event{.kind = line.record,
                        .room = line.room.name,
                        .time = line.time,
                        .sequence = line.sequence,
                        .name = line.name,
                        .text = line.text,
                        .replay = line.replay,
                        .own = line.own,
                        .waited = line.waited};
  if (says_text_member(line.record)) event.text_member = line.text_member;
  return json_of(event);
}

Json json_of(const Joined& joined) {
  Json json = begin_event("entered");
  json["name"] = joined.name;
  add_text(json, "server", joined.server);
  json["resumed"] = joined.again;
  if (joined.kept.is == wire::HistoryKept::none) json["history_seconds"] = nullptr;
  if (joined.kept.is == wire::HistoryKept::kept) json["history_seconds"] = joined.kept.seconds;
  return json;
}

Json json_of(const Ended& ended) {
  Json json = begin_event("ended");
  json["outcome"] = wire::code_of(ended.reason);
  add_text(json, "text", ended.text);
  return json;
}

Json json_of(const FirstContact& contact) {
  Json json = begin_event("first_contact");
  json["fingerprint"] = contact.fingerprint;
  json["file"] = contact.file;
  return json;
}

Json json_of(const Notice& notice) {
  Json json = begin_event("notice");
  json["text"] = notice.text;
  return json;
}

Json json_of(const Waiting& waiting) {
  Json json = begin_event("waiting");
  json["outcome"] = wire::code_of(waiting.reason);
  add_text(json, "text", waiting.text);
  return json;
}

Json json_of(const MissedHere& missed) {
  Json json = begin_event("missed");
  json["lines"] = missed.lines;
  return json;
}

Json json_of(const RoomJoined& joined) {
  Json json = begin_event("room_joined", joined.room.name);
  add_topic(json, joined.topic, joined.topic_by, joined.topic_set);
  json["resumed"] = joined.again;
  return json;
}

Json json_of(const RoomLeft& left) {
  Json json = begin_event("room_left", left.room.name);
  add_text(json, "code", left.code);
  add_text(json, "text", left.text);
  return json;
}

Json json_of(const RoomInvited& invited) {
  Json json = begin_event("invited", invited.room);
  add_text(json, "name", invited.name);
  return json;
}

Json json_of(const OtherPerson& other) {
  Json json = begin_event("other_person");
  json["name"] = other.name;
  json["has_key"] = other.has_key;
  json["others"] = other.others;
  return json;
}

Json json_of(const OtherProgram& program) {
  Json json = begin_event("program");
  json["time"] = json_of(program.time);
  json["address"] = program.address;
  json["number"] = program.number;
  return json;
}

// Of this member there is no name.
Json json_of(const MemberAway& away) {
  Json json = begin_event("away");
  add_text(json, "name", away.name);
  add_text(json, "text", away.text);
  return json;
}

Json json_of(const MemberBack& /*event*/) { return begin_event("back"); }

// Empty if the server refused: an older one does not know the question.
Json json_of(const RoomAbout& about) {
  if (!about.code.empty() || !about.text.empty()) return {};
  return about_event(about.room, about.list);
}

Json json_of(const Saved& saved) {
  Json json = begin_event("saved", saved.room);
  json["outcome"] = wire::code_of(saved.state);
  return json;
}

Json json_of(const Missed& missed) { return begin_event("lost", missed.room.name); }
Json json_of(const Reconnecting& /*event*/) { return begin_event("reconnecting"); }
Json json_of(const Reconnected& /*event*/) { return begin_event("reconnected"); }

// Reports that are not part of the output. `Ended` reports a stop of the server: a script does not
// wait for it.
Json json_of(const Confirmed& /*event*/) { return {}; }
Json json_of(const Refused& /*event*/) { return {}; }
Json json_of(const Users& /*event*/) { return {}; }
Json json_of(const RoomList& /*event*/) { return {}; }
Json json_of(const ProgramList& /*event*/) { return {}; }

// The end of the answer of `uchat history`.
Json json_of(const HistoryPage& page) {
  Json json = begin_event("page", page.request.room);
  if (page.request.way != wire::HistoryWay::search_all) {
    json["first"] = page.first;
    json["last"] = page.last;
  }
  json["older"] = page.has_older;
  json["newer"] = page.has_newer;
  return json;
}
Json json_of(const NameRefused& /*event*/) { return {}; }

// A key of an owned name.
Json json_of(const wire::OwnKey& key) {
  Json json;
  json["key"] = key.key;
  json["since"] = json_of(WallTime{Micros{key.since}});
  json["this"] = key.is_this;
  add_text(json, "label", key.label);
  return json;
}

Json json_of(const OwnNews& news) {
  const wire::OwnAnswer answer = wire::read_own(news.facts);
  if (answer.event == wire::OwnEvent::none) return {};
  Json json = begin_event("own");
  add_text(json, "name", news.name);
  json["what"] = wire::word_of(answer.event);
  if (answer.code != 0) {
    const auto code = wire::typed_code(answer.code);
    json["code"] = std::string_view{code.data(), code.size()};
  }
  if (answer.seconds != 0) json["seconds"] = answer.seconds;
  add_text(json, "key", answer.device);
  add_text(json, "label", answer.label);
  if (answer.saved) json["saved"] = *answer.saved;
  if (answer.event != wire::OwnEvent::keys) return json;
  Json keys = Json::array();
  for (const auto& key : std::span{answer.keys}.first(answer.key_count)) {
    keys.push_back(json_of(key));
  }
  json["keys"] = std::move(keys);
  return json;
}

Json json_of(const DeviceAsks& asks) {
  const wire::DeviceQuestion question = wire::read_device(asks.facts);
  Json json = begin_event("device");
  json["name"] = asks.name;
  json["key"] = question.key;
  json["address"] = question.address;
  add_text(json, "label", question.label);
  json["seconds"] = question.seconds;
  return json;
}
Json json_of(const MemberAbout& /*event*/) { return {}; }
Json json_of(const BlockList& /*event*/) { return {}; }
Json json_of(const RoomRenamed& /*event*/) { return {}; }  // its Line is printed
Json json_of(const LimitsChanged& /*event*/) { return {}; }
Json json_of(const ServerStopped& /*event*/) { return {}; }

}  // namespace

std::string json_line(const Report& report, WallTime now) {
  Json json = std::visit([](const auto& one) { return json_of(one); }, report);
  if (json.empty()) return {};
  if (!json.contains("time")) json["time"] = json_of(now);
  return event_line(json);
}

std::string json_line(std::string_view room, const std::vector<UserRow>& members, WallTime now) {
  Json json = begin_event("users", room);
  json["time"] = json_of(now);
  Json rows = Json::array();
  for (const UserRow& member : members) {
    Json row;
    row["name"] = member.name;
    row["away"] = member.is_away;
    row["text_member"] = member.is_text;
    row["owned"] = member.is_owner;
    rows.push_back(std::move(row));
  }
  json["users"] = std::move(rows);
  return event_line(json);
}

std::string json_line(const HistoryLine& line, std::string_view room) {
  const auto shown = as_line(line, std::string{room});
  const bool is_gap = line.kind == wire::kStoredGap;
  if (!shown && !is_gap) return {};
  if (!is_gap) {
    Json json = json_of(*shown);
    json.erase("replay");
    json.erase("own");
    if (line.person != 0) json["person"] = fmt::format("{:016x}", line.person);
    return event_line(json);
  }
  Json json = begin_event("gap", room);
  json["time"] = json_of(line.time);
  json["sequence"] = line.number;
  if (line.last != 0) json["last"] = line.last;
  return event_line(json);
}

}  // namespace chatd::client
