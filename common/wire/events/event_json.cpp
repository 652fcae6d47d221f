// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/events/event_json.hpp"

#include <fmt/format.h>

#include "common/base/possible_time.hpp"
#include "common/wire/native/native_room.hpp"
#include "common/wire/native/record_name.hpp"
#include "common/wire/native/record_text.hpp"
#include "common/wire/native/room_facts.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {

namespace {

// "": not the kind of a line.
std::string_view event_of(RecordKind kind) {
  return kind <= RecordKind::direct ? name_of(kind) : std::string_view{};
}

// Adds the change in place of the record's text. False: this version does not know the change.
bool add_setting(EventJson& json, std::string_view text) {
  const auto setting = read_setting(text);
  if (!setting) return false;
  json["property"] = name_of(setting->property);
  if (setting->property == RoomProperty::name) {
    json["value"] = setting->name;
  } else {
    json["value"] = setting->value;
  }
  return true;
}

bool add_moderation(EventJson& json, std::string_view text) {
  const auto moderation = read_moderation(text);
  if (!moderation) return false;
  json["action"] = name_of(moderation->action);
  json["target"] = moderation->name;
  if (moderation->seconds != 0) json["duration_seconds"] = moderation->seconds;
  add_text(json, "text", moderation->reason);
  return true;
}

bool add_crowd(EventJson& json, std::string_view text) {
  const auto crowd = read_crowd(text);
  if (!crowd) return false;
  json["joined"] = crowd->joined;
  json["left"] = crowd->left;
  return true;
}

// The numbers of the lines are their `sequence`.
bool add_erased(EventJson& json, std::string_view text) {
  const auto lines = read_erased(text);
  if (!lines) return false;
  json["first"] = lines->first;
  json["last"] = lines->last;
  add_text(json, "author", lines->author);
  return true;
}

EventJson rule_of(const RoomFacts::Rule& one) {
  EventJson json;
  json["action"] = name_of(one.action);
  json["id"] = one.id;
  json["target"] = one.name;
  json["until"] = json_of(one.until.value_or(WallTime{}));
  add_text(json, "name", one.by);
  add_text(json, "text", one.reason);
  return json;
}

bool add_content(EventJson& json, const LineEvent& line) {
  switch (line.kind) {
    case RecordKind::set:
      return add_setting(json, line.text);
    case RecordKind::moderated:
      return add_moderation(json, line.text);
    case RecordKind::crowd:
      return add_crowd(json, line.text);
    case RecordKind::erased:
      return add_erased(json, line.text);
    default:
      add_text(json, "text", line.text);
      return true;
  }
}

}  // namespace

EventJson begin_event(std::string_view event, std::string_view room) {
  EventJson json;
  json["schema"] = 1;
  json["event"] = event;
  json["room"] = room;
  return json;
}

void add_text(EventJson& json, const char* name, std::string_view text) {
  if (!text.empty()) json[name] = text;
}

EventJson json_of(WallTime time) {
  return chatd::is_possible(time) ? EventJson(to_rfc3339(time)) : EventJson(nullptr);
}

EventJson json_of(const LineEvent& line) {
  const std::string_view kind = event_of(line.kind);
  if (kind.empty()) return {};
  EventJson json = begin_event(kind, line.room);
  json["time"] = json_of(line.time);
  if (line.sequence != 0) json["sequence"] = line.sequence;
  add_text(json, "name", line.name);
  if (!add_content(json, line)) return {};
  add_text(json, "by", line.by);
  if (line.n != 0) json["n"] = line.n;
  if (line.replay) json["replay"] = *line.replay;
  if (line.own) json["own"] = *line.own;
  if (line.waited) json["waited"] = true;
  if (line.text_member) json["text_member"] = *line.text_member;
  return json;
}

void add_topic(EventJson& json, std::string_view topic, std::string_view by,
               std::optional<WallTime> set) {
  if (topic.empty()) return;
  json["topic"] = topic;
  add_text(json, "topic_by", by);
  json["topic_set"] = json_of(set.value_or(WallTime{}));
}

EventJson about_event(std::string_view room, std::string_view list) {
  const RoomFacts facts = read_facts(list);
  EventJson json = begin_event("about", room);
  add_topic(json, facts.topic, facts.topic_by, facts.topic_set);
  json["made"] = json_of(facts.made.value_or(WallTime{}));
  json["members"] = facts.members;
  json["owners"] = facts.owners;
  json["moderators"] = facts.moderators;
  json["invited"] = facts.is_invited;
  json["hidden"] = facts.is_hidden;
  json["lecture"] = facts.is_lecture;
  json["slow_seconds"] = facts.slow_seconds;
  json["enter"] = name_of(facts.enter);
  json["history"] = history_text(facts.history);
  EventJson rules = EventJson::array();
  for (const auto& one : facts.rules) rules.push_back(rule_of(one));
  json["rules"] = std::move(rules);
  return json;
}

// The library writes the control characters U+007F to U+009F as they are.
std::string event_line(const EventJson& json) {
  const std::string text = json.dump(-1, ' ', false, EventJson::error_handler_t::replace);
  std::string line;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view before = rest;
    const auto code = take_character(rest);
    if (code && is_control(*code)) {
      line += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(*code));
    } else {
      line += before.substr(0, before.size() - rest.size());
    }
  }
  return line + '\n';
}

}  // namespace chatd::wire
