// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/json_lines.hpp"

#include <cstdint>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/member/possible_time.hpp"
#include "client/member/room_facts.hpp"
#include "client/words/history_words.hpp"
#include "client/words/room_words.hpp"
#include "common/base/time.hpp"
#include "common/wire/native/record_name.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

using Json = nlohmann::ordered_json;
using wire::RecordKind;

Json begin(std::string_view event, std::string_view room = {}) {
  Json json;
  json["schema"] = 1;
  json["event"] = event;
  json["room"] = room;
  return json;
}

void add_text(Json& json, const char* name, std::string_view text) {
  if (!text.empty()) json[name] = text;
}

// "": not the kind of a Line.
std::string_view event_of(RecordKind kind) {
  return kind <= RecordKind::direct ? wire::name_of(kind) : std::string_view{};
}

// Of other kinds it is not always known.
bool says_text_member(RecordKind kind) { return is_room_message(kind) || kind == RecordKind::join; }

// Adds the change in place of the record's text. False: this version does not know the change.
bool add_setting(Json& json, std::string_view text) {
  const auto setting = wire::read_setting(text);
  if (!setting) return false;
  json["property"] = name_of(setting->property);
  if (setting->property == wire::RoomProperty::name) {
    json["value"] = setting->name;
  } else {
    json["value"] = setting->value;
  }
  return true;
}

bool add_moderation(Json& json, std::string_view text) {
  const auto moderation = wire::read_moderation(text);
  if (!moderation) return false;
  json["action"] = name_of(moderation->action);
  json["target"] = moderation->name;
  if (moderation->seconds != 0) json["duration_seconds"] = moderation->seconds;
  add_text(json, "text", moderation->reason);
  return true;
}

bool add_crowd(Json& json, std::string_view text) {
  const auto crowd = wire::read_crowd(text);
  if (!crowd) return false;
  json["joined"] = crowd->joined;
  json["left"] = crowd->left;
  return true;
}

// The numbers of the lines are their `sequence`.
bool add_erased(Json& json, std::string_view text) {
  const auto lines = wire::read_erased(text);
  if (!lines) return false;
  json["first"] = lines->first;
  json["last"] = lines->last;
  add_text(json, "author", lines->author);
  return true;
}

// null: the server has sent no possible time.
Json json_of(WallTime time) { return is_possible(time) ? Json(to_rfc3339(time)) : Json(nullptr); }

// nullopt: null.
Json json_of(const std::optional<WallTime>& time) { return json_of(time.value_or(WallTime{})); }

Json json_of(const Line& line) {
  const std::string_view kind = event_of(line.record);
  if (kind.empty()) return {};
  Json json = begin(kind, line.room.name);
  json["time"] = json_of(line.time);
  if (line.sequence != 0) json["sequence"] = line.sequence;
  add_text(json, "name", line.name);
  if (line.record == RecordKind::set) {
    if (!add_setting(json, line.text)) return {};
  } else if (line.record == RecordKind::moderated) {
    if (!add_moderation(json, line.text)) return {};
  } else if (line.record == RecordKind::crowd) {
    if (!add_crowd(json, line.text)) return {};
  } else if (line.record == RecordKind::erased) {
    if (!add_erased(json, line.text)) return {};
  } else {
    add_text(json, "text", line.text);
  }
  json["replay"] = line.replay;
  json["own"] = line.own;
  if (line.waited) json["waited"] = true;
  if (says_text_member(line.record)) json["text_member"] = line.text_member;
  return json;
}

Json json_of(const Joined& joined) {
  Json json = begin("entered");
  json["name"] = joined.name;
  add_text(json, "server", joined.server);
  json["resumed"] = joined.again;
  if (joined.kept.is == wire::HistoryKept::none) json["history_seconds"] = nullptr;
  if (joined.kept.is == wire::HistoryKept::kept) json["history_seconds"] = joined.kept.seconds;
  return json;
}

Json json_of(const Ended& ended) {
  Json json = begin("ended");
  json["outcome"] = wire::code_of(ended.reason);
  add_text(json, "text", ended.text);
  return json;
}

Json json_of(const FirstContact& contact) {
  Json json = begin("first_contact");
  json["fingerprint"] = contact.fingerprint;
  json["file"] = contact.file;
  return json;
}

Json json_of(const Notice& notice) {
  Json json = begin("notice");
  json["text"] = notice.text;
  return json;
}

Json json_of(const Waiting& waiting) {
  Json json = begin("waiting");
  json["outcome"] = wire::code_of(waiting.reason);
  add_text(json, "text", waiting.text);
  return json;
}

Json json_of(const MissedHere& missed) {
  Json json = begin("missed");
  json["lines"] = missed.lines;
  return json;
}

void add_topic(Json& json, std::string_view topic, std::string_view by,
               const std::optional<WallTime>& set) {
  if (topic.empty()) return;
  json["topic"] = topic;
  add_text(json, "topic_by", by);
  json["topic_set"] = json_of(set);
}

Json json_of(const RoomJoined& joined) {
  Json json = begin("room_joined", joined.room.name);
  add_topic(json, joined.topic, joined.topic_by, joined.topic_set);
  json["resumed"] = joined.again;
  return json;
}

Json json_of(const RoomLeft& left) {
  Json json = begin("room_left", left.room.name);
  add_text(json, "code", left.code);
  add_text(json, "text", left.text);
  return json;
}

Json json_of(const RoomInvited& invited) {
  Json json = begin("invited", invited.room);
  add_text(json, "name", invited.name);
  return json;
}

Json json_of(const OtherPerson& other) {
  Json json = begin("other_person");
  json["name"] = other.name;
  json["has_key"] = other.has_key;
  json["others"] = other.others;
  return json;
}

Json json_of(const OtherProgram& program) {
  Json json = begin("program");
  json["time"] = json_of(program.time);
  json["address"] = program.address;
  json["number"] = program.number;
  return json;
}

// Of this member there is no name.
Json json_of(const MemberAway& away) {
  Json json = begin("away");
  add_text(json, "name", away.name);
  add_text(json, "text", away.text);
  return json;
}

Json json_of(const MemberBack& /*event*/) { return begin("back"); }

Json json_of(const RoomFacts::Rule& one) {
  Json json;
  json["action"] = name_of(one.action);
  json["id"] = one.id;
  json["target"] = one.name;
  json["until"] = json_of(one.until);
  add_text(json, "name", one.by);
  add_text(json, "text", one.reason);
  return json;
}

// Empty if the server refused: an older one does not know the question.
Json json_of(const RoomAbout& about) {
  if (!about.code.empty() || !about.text.empty()) return {};
  const RoomFacts facts = read_facts(about.list);
  Json json = begin("about", about.room);
  add_topic(json, facts.topic, facts.topic_by, facts.topic_set);
  json["made"] = json_of(facts.made);
  json["members"] = facts.members;
  json["owners"] = facts.owners;
  json["moderators"] = facts.moderators;
  json["invited"] = facts.is_invited;
  json["hidden"] = facts.is_hidden;
  json["lecture"] = facts.is_lecture;
  json["slow_seconds"] = facts.slow_seconds;
  json["enter"] = name_of(facts.enter);
  json["history"] = wire::history_text(facts.history);
  Json rules = Json::array();
  for (const auto& one : facts.rules) rules.push_back(json_of(one));
  json["rules"] = std::move(rules);
  return json;
}

Json json_of(const Saved& saved) {
  Json json = begin("saved", saved.room);
  json["outcome"] = wire::code_of(saved.state);
  return json;
}

Json json_of(const Missed& missed) { return begin("lost", missed.room.name); }
Json json_of(const Reconnecting& /*event*/) { return begin("reconnecting"); }
Json json_of(const Reconnected& /*event*/) { return begin("reconnected"); }

// Reports that are not part of the output. `Ended` reports a stop of the server: a script does not
// wait for it.
Json json_of(const Confirmed& /*event*/) { return {}; }
Json json_of(const Refused& /*event*/) { return {}; }
Json json_of(const Users& /*event*/) { return {}; }
Json json_of(const RoomList& /*event*/) { return {}; }
Json json_of(const ProgramList& /*event*/) { return {}; }

// The end of the answer of `uchat history`.
Json json_of(const HistoryPage& page) {
  Json json = begin("page", page.request.room);
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
  Json json = begin("own");
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
  Json json = begin("device");
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

// Bytes that are not UTF-8 become U+FFFD. The library writes the control characters U+007F to
// U+009F as they are, and a terminal obeys them.
std::string as_text(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string line;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const auto code = wire::take_character(rest);
    if (code && wire::is_control(*code)) {
      line += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(*code));
    } else {
      line += before.substr(0, before.size() - rest.size());
    }
  }
  return line + '\n';
}

}  // namespace

std::string json_line(const Report& report, WallTime now) {
  Json json = std::visit([](const auto& one) { return json_of(one); }, report);
  if (json.empty()) return {};
  if (!json.contains("time")) json["time"] = json_of(now);
  return as_text(json);
}

std::string json_line(std::string_view room, const std::vector<UserRow>& members, WallTime now) {
  Json json = begin("users", room);
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
  return as_text(json);
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
    return as_text(json);
  }
  Json json = begin("gap", room);
  json["time"] = json_of(line.time);
  json["sequence"] = line.number;
  if (line.last != 0) json["last"] = line.last;
  return as_text(json);
}

}  // namespace chatd::client
