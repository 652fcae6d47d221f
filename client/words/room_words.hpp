// SPDX-License-Identifier: GPL-3.0-or-later
// room_words.hpp — the sentences about changes of rooms and about their properties, in both
// languages.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: a sentence contains texts of the server unchanged: a caller that prints it uses
//            safe_text().
// Errors:    a record that cannot be decoded, or has a value that is not known, has no sentence.
// See:       native_room.hpp, which decodes the records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/native/native_room.hpp"
#include "common/wire/native/room_facts.hpp"

namespace chatd::client {

// "1 hour 30 minutes": the two largest units.
[[nodiscard]] std::string duration_text(wire::Language language, std::uint32_t seconds);

// The sentence about a record of the kind topic, set, moderated or crowd: "ada muted bob for 1
// hour: noise". "": the line is of another kind, or has no sentence.
[[nodiscard]] std::string change_text(wire::Language language, const Line& line);
// The text of a record of the kind moderated; it borrows the line. nullopt: the line is of another
// kind, or cannot be decoded.
[[nodiscard]] std::optional<wire::Moderation> moderation_of(const Line& line) noexcept;

// A message of a member to a room.
[[nodiscard]] constexpr bool is_room_message(wire::RecordKind kind) noexcept {
  return kind == wire::RecordKind::say || kind == wire::RecordKind::action;
}
// A message of a member, to a room or to one member.
[[nodiscard]] constexpr bool is_member_message(wire::RecordKind kind) noexcept {
  return is_room_message(kind) || kind == wire::RecordKind::direct;
}

// True if the line changes the rights of the member with this name.
[[nodiscard]] bool is_about(const Line& line, std::string_view name);

// "ada invites you to #lab; /join lab joins it"
[[nodiscard]] std::string invitation_text(wire::Language language, const RoomInvited& invited);

using TimeText = std::string (*)(WallTime);  // returns a time as it is shown
// "the topic is: tea (set by ada, 2026-11-20 23:15)"; "" if the room has none.
[[nodiscard]] std::string topic_text(wire::Language language, const wire::RoomFacts& facts,
                                     TimeText time_text);
// "you are in #lab: tea (set by ada, 2026-11-20 23:15)"
[[nodiscard]] std::string joined_text(wire::Language language, const RoomJoined& joined,
                                      TimeText time_text);
// The other facts about a room, a sentence each.
[[nodiscard]] std::vector<std::string> facts_text(wire::Language language,
                                                  const wire::RoomFacts& facts, TimeText time_text);

}  // namespace chatd::client
