// SPDX-License-Identifier: GPL-3.0-or-later
// event_json.hpp — an event as one JSON object on one line: what `uchat listen --json` prints and
// what a browser receives.
//
// Runs in:   uchat's terminal process; web. Pure.
// Invariant: each event has the members `schema`, `event`, `room` (the name of the room that it is
//            about, without '#'; "" for the default room and in events that are about no room) and
//            `time`. Of the other members those whose text would be empty are left out.
// See:       uchat(1), which lists the members; they are only ever added within a schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/time.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::wire {

using EventJson = nlohmann::ordered_json;

[[nodiscard]] EventJson begin_event(std::string_view event, std::string_view room = {});
// Nothing if the text is empty.
void add_text(EventJson& json, const char* name, std::string_view text);
// null: not a possible time, see possible_time.hpp.
[[nodiscard]] EventJson json_of(WallTime time);

// A record of a room's log, or a direct message.
struct LineEvent {
  RecordKind kind{};
  std::string_view room{};  // its name
  WallTime time{};
  std::uint64_t sequence{};  // 0: none
  std::string_view name{};   // as of the record
  std::string_view text{};   // the bytes of the record
  std::string_view by{};     // the session that has sent it
  std::uint64_t n{};         // the number of its sender's command; 0: not known
  std::optional<bool> replay{};
  std::optional<bool> own{};
  bool waited{};
  // Of kinds that tell it: the member has no key.
  std::optional<bool> text_member{};
};
// An empty object: not a kind of a line, or a text that this version does not know.
[[nodiscard]] EventJson json_of(const LineEvent& line);

// The topic of a room, if there is one.
void add_topic(EventJson& json, std::string_view topic, std::string_view by,
               std::optional<WallTime> set);

// The event `about`: the facts about a room, as in the records of that kind.
[[nodiscard]] EventJson about_event(std::string_view room, std::string_view list);

// The object with its newline. Bytes that are not UTF-8 become U+FFFD; control characters are
// escaped, also U+007F to U+009F, which a terminal obeys.
[[nodiscard]] std::string event_line(const EventJson& json);

}  // namespace chatd::wire
