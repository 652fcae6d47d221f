// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/json_lines.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/time.hpp"

namespace chatd::client {

namespace {

using Json = nlohmann::ordered_json;
using wire::RecordKind;

Json begin(std::string_view event) {
  Json json;
  json["schema"] = 1;
  json["event"] = event;
  return json;
}

std::string_view event_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::join:
      return "join";
    case RecordKind::leave:
      return "leave";
    case RecordKind::say:
      return "say";
    case RecordKind::announce:
      return "announce";
    case RecordKind::kick:
      return "kick";
    case RecordKind::action:
      return "action";
    case RecordKind::letter:
      return "letter";
    default:
      break;  // other records of a mailbox are other events
  }
  return {};
}

Json line(const Event& event) {
  const std::string_view kind = event_of(event.record);
  if (kind.empty()) return {};
  Json json = begin(kind);
  json["time"] = to_rfc3339(event.time);
  json["name"] = event.name;
  json["text"] = event.text;
  json["replay"] = event.replay;
  json["own"] = event.own;
  return json;
}

Json of_event(const Report& report) {
  const Event& event = report.event;
  switch (event.kind) {
    case Event::Kind::line:
      return line(event);
    case Event::Kind::joined_room: {
      Json json = begin("entered");
      json["name"] = event.name;
      json["server"] = event.text;
      json["resumed"] = event.replay;
      return json;
    }
    case Event::Kind::missed:
      return begin("lost");
    case Event::Kind::reconnecting:
      return begin("reconnecting");
    case Event::Kind::reconnected:
      return begin("reconnected");
    case Event::Kind::confirmed:
    case Event::Kind::refused:
    case Event::Kind::users:
    case Event::Kind::limits_changed:
    case Event::Kind::server_stopped:  // Report::Kind::ended reports it: a script does not wait
    case Event::Kind::ended:
      break;
  }
  return {};
}

Json of(const Report& report) {
  Json json;
  switch (report.kind) {
    case Report::Kind::event:
      return of_event(report);
    case Report::Kind::first_contact:
      json = begin("first_contact");
      json["fingerprint"] = report.text;
      json["file"] = report.event.text;
      return json;
    case Report::Kind::notice:
      json = begin("notice");
      json["text"] = report.text;
      return json;
    case Report::Kind::missed_here:
      json = begin("missed");
      json["lines"] = report.count;
      return json;
    case Report::Kind::ended:
      json = begin("ended");
      json["outcome"] = wire::code_of(report.outcome);
      json["text"] = report.text;
      return json;
  }
  return json;
}

}  // namespace

std::string json_line(const Report& report) {
  const Json json = of(report);
  if (json.empty()) return {};
  // Bytes that are not UTF-8 become U+FFFD.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace chatd::client
