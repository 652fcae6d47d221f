// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/render.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/wire/events/event_json.hpp"
#include "common/wire/native/list_rows.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/native/record_text.hpp"

namespace chatd::web {

namespace {

using wire::EventJson;
using wire::RecordKind;

// "": no event.
std::string_view event_name(RecordKind kind) {
  const auto* const row = std::ranges::find(kMailboxEvents, kind, &MailboxEvent::kind);
  return row == kMailboxEvents.end() ? std::string_view{} : row->event;
}

WallTime time_of(const wire::RecordHeader& header) { return WallTime{Micros{header.wall_time}}; }

// Of other kinds it is not always known.
std::optional<bool> is_text_member(const wire::RecordHeader& header) {
  switch (header.kind) {
    case RecordKind::join:
      return wire::is_text_person(header.uplink_offset);
    case RecordKind::say:
    case RecordKind::action:
      return wire::is_from_text_member(header);
    default:
      return std::nullopt;
  }
}

EventJson direct_event(const wire::RecordView& record) {
  const auto& header = record.header;
  const bool has_waited = header.sender_slot == wire::kNobody && header.sender_generation != 0;
  EventJson json = wire::json_of(wire::LineEvent{.kind = RecordKind::direct,
                                                 .time = time_of(header),
                                                 .name = record.name,
                                                 .text = record.text,
                                                 .own = header.kind == RecordKind::sent,
                                                 .waited = has_waited});
  if (has_waited) json["by"] = person_text(header.sender_generation);
  return json;
}

EventJson joined_event(const wire::RecordView& record) {
  const auto joined = wire::read_joined(record.text);
  if (!joined) return {};
  EventJson json = wire::begin_event(event_name(RecordKind::joined), record.name);
  wire::add_topic(json, joined->topic, joined->topic_by, WallTime{Micros{joined->topic_set}});
  return json;
}

EventJson left_event(const wire::RecordView& record) {
  const auto left = wire::read_left(record.text);
  if (!left) return {};
  EventJson json = wire::begin_event(event_name(RecordKind::left), record.name);
  wire::add_text(json, "text", left->reason);
  return json;
}

EventJson blocks_event(const wire::RecordView& record) {
  EventJson json = wire::begin_event(event_name(RecordKind::blocks));
  wire::add_text(json, "from", record.name);
  EventJson users = EventJson::array();
  for (std::string_view list = record.text; !list.empty();) {
    const auto user = wire::read_blocked(wire::take_row(list));
    if (!user) continue;
    EventJson row;
    row["name"] = user->name;
    row["person"] = person_text(user->person);
    users.push_back(std::move(row));
  }
  json["users"] = std::move(users);
  return json;
}

EventJson named_event(const wire::RecordView& record, std::string_view room = {}) {
  EventJson json = wire::begin_event(event_name(record.header.kind), room);
  wire::add_text(json, "name", room.empty() ? record.name : record.text);
  if (room.empty()) wire::add_text(json, "text", record.text);
  return json;
}

EventJson refused_event(const wire::RecordView& record) {
  EventJson json = wire::begin_event(event_name(RecordKind::notice));
  json["code"] = record.name;
  wire::add_text(json, "text", record.text);
  return json;
}

// nullopt: the list goes on in the next record.
std::optional<EventJson> about_event(const wire::RecordView& record, std::string& facts) {
  constexpr std::size_t kMaxFacts = 65'536;
  if (!facts.empty()) facts += '\n';
  if (facts.size() + record.text.size() <= kMaxFacts) facts += record.text;
  if (record.header.sender_slot != wire::kNobody) return std::nullopt;
  EventJson json = wire::about_event(record.name, facts);
  facts.clear();
  return json;
}

EventJson program_event(const wire::RecordView& record) {
  EventJson json = wire::begin_event(event_name(RecordKind::program));
  json["address"] = record.text;
  json["number"] = record.header.sender_slot;
  return json;
}

// An empty object: no event.
EventJson event_of(const wire::RecordView& record, std::string& facts) {
  switch (record.header.kind) {
    case RecordKind::direct:
    case RecordKind::sent:
      return direct_event(record);
    case RecordKind::notice:
      return refused_event(record);
    case RecordKind::joined:
      return joined_event(record);
    case RecordKind::left:
      return left_event(record);
    case RecordKind::about:
      return about_event(record, facts).value_or(EventJson{});
    case RecordKind::invited:
      return named_event(record, record.name);
    case RecordKind::waits:
    case RecordKind::away:
      return named_event(record);
    case RecordKind::back:
      return wire::begin_event(event_name(RecordKind::back));
    case RecordKind::blocks:
      return blocks_event(record);
    case RecordKind::program:
      return program_event(record);
    default:
      return {};
  }
}

}  // namespace

std::string person_text(std::uint64_t person) { return fmt::format("{:016x}", person); }

std::string shared_part(const wire::RecordView& record, std::string_view room,
                        const FindPerson& find) {
  const auto& header = record.header;
  // Its message follows; a line that was taken back is not shown.
  if (header.kind == RecordKind::speaker || wire::is_erased(record)) return {};
  const std::string by = find(header);
  const EventJson json = wire::json_of(wire::LineEvent{.kind = header.kind,
                                                       .room = room,
                                                       .time = time_of(header),
                                                       .sequence = header.sequence,
                                                       .name = record.name,
                                                       .text = record.text,
                                                       .by = by,
                                                       .text_member = is_text_member(header)});
  if (json.empty()) return {};
  std::string line = wire::event_line(json);
  line.resize(line.size() - std::string_view{"}\n"}.size());
  return line;
}

std::string own_part(bool is_replay, std::uint64_t n) {
  std::string rest = fmt::format(",\"replay\":{},\"own\":{}", is_replay, n != 0);
  if (n != 0) rest += fmt::format(",\"n\":{}", n);
  return rest + "}\n";
}

std::string mailbox_event(const wire::RecordView& record, std::uint64_t n, std::string& facts) {
  if (event_name(record.header.kind).empty()) return {};
  EventJson json = event_of(record, facts);
  if (json.empty()) return {};
  if (!json.contains("time")) json["time"] = wire::json_of(time_of(record.header));
  if (n != 0) json["n"] = n;
  return wire::event_line(json);
}

std::string ended_event(std::string_view code, std::string_view text, WallTime now) {
  EventJson json = wire::begin_event(kEndedEvent);
  json["outcome"] = code;
  wire::add_text(json, "text", text);
  json["time"] = wire::json_of(now);
  return wire::event_line(json);
}

std::string lost_event(std::string_view room, WallTime now) {
  EventJson json = wire::begin_event(kLostEvent, room);
  json["time"] = wire::json_of(now);
  return wire::event_line(json);
}

void append_event(std::string& stream, std::string_view id, std::string_view line) {
  if (!id.empty()) stream.append("id: ").append(id).append("\n");
  stream.append("data: ").append(line).append("\n");
}

}  // namespace chatd::web
