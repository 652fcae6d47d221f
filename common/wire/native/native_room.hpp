// SPDX-License-Identifier: GPL-3.0-or-later
// native_room.hpp — a change of a room's property, or of a user's rights in a room. The text of
// the command and the text of the record in the room's log are the same bytes.
//
// Runs in:   client (writes commands, reads records), gateway.
// Borrows:   a decoded struct borrows the text. Pure; nothing allocates.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::wire {

// A property of a room that its owners change.
enum class RoomProperty : std::uint8_t {
  invited = 1,  // 1: only invited members join
  hidden = 2,   // 1: the room is in no list, and its name has a random end
  lecture = 3,  // 1: only owners and moderators speak
  slow = 4,     // seconds between two messages of a member, at most 3600; 0: no limit
  name = 5,     // in records only: the room gets another name
  enter = 6,    // a MayEnter: who joins a room that is not for invited members only
  history = 7,  // days that messages are kept on disk, at most 3650; or a value below
};
// Values of RoomProperty::history that are no days.
inline constexpr std::uint16_t kHistoryOfServer = 0;  // as long as the server keeps messages
inline constexpr std::uint16_t kHistoryOff = 65'535;  // nothing is stored
// The persons that join: all; those that were first seen a day ago; those that own a name. Owners
// of a name count as known, and persons on the list of the room always join.
enum class MayEnter : std::uint8_t { anyone, known, owned };

struct RoomSetting {
  RoomProperty property{};
  std::uint16_t value{};    // 0 if the property is `name`
  std::string_view name{};  // the new name if the property is `name`, otherwise empty
  static constexpr void fields(auto& v, auto& setting) {
    v("property", setting.property);
    v("value", setting.value);
    v("name", Rest{setting.name});
  }
};
// The actions of an owner or a moderator on another user.
enum class ModerateAction : std::uint8_t {
  kick = 1,
  ban = 2,  // also removes the user from the room
  unban = 3,
  mute = 4,
  unmute = 5,
  invite = 6,
  uninvite = 7,
  moderator = 8,  // the user gets this role; an owner loses the other one
  owner = 9,      // the user gets this role
  no_role = 10,   // the user loses its role
};
struct Moderation {
  ModerateAction action{};
  std::uint32_t seconds{};    // length of a ban, a mute or an invitation; 0: without end, in the
                              // command invite: 24 hours
  std::string_view name{};    // the user; in a command a NamedPerson
  std::string_view reason{};  // may be empty; the user and the members of the room receive it
  static constexpr void fields(auto& v, auto& moderation) {
    v("action", moderation.action);
    v("seconds", moderation.seconds);
    v("name", moderation.name);
    v("reason", Rest{moderation.reason});
  }
};

inline constexpr std::uint16_t kMaxSlowSeconds = 3600;
inline constexpr std::uint16_t kMaxHistoryDays = 3650;
inline constexpr std::size_t kMaxTopicBytes = 200;  // of UTF-8
inline constexpr std::size_t kMaxModerationReason = 120;

// The properties that have a value which owners set: all but RoomProperty::name.
inline constexpr std::array kSetProperties{RoomProperty::invited, RoomProperty::hidden,
                                           RoomProperty::lecture, RoomProperty::slow,
                                           RoomProperty::enter,   RoomProperty::history};

// True for a property that decides who finds and joins a room. The default room, in which all
// members are, does not have it.
[[nodiscard]] constexpr bool is_about_entry(RoomProperty property) noexcept {
  return property == RoomProperty::invited || property == RoomProperty::hidden ||
         property == RoomProperty::enter;
}

// The name in commands of users, in JSON and in the journal: "lecture", "mute". "": the value is
// not known.
[[nodiscard]] std::string_view name_of(RoomProperty property) noexcept;
[[nodiscard]] std::string_view name_of(ModerateAction action) noexcept;
[[nodiscard]] std::string_view name_of(MayEnter who) noexcept;
// nullopt: it is no such name.
[[nodiscard]] std::optional<MayEnter> may_enter_of(std::string_view name) noexcept;
// A value of RoomProperty::history: "default", "off" or "30d".
[[nodiscard]] std::string history_text(std::uint16_t value);
// nullopt: it is no such text.
[[nodiscard]] std::optional<std::uint16_t> history_of(std::string_view text) noexcept;
// True for a value that RoomProperty::history can have: 0, a number of days, or kHistoryOff.
[[nodiscard]] constexpr bool is_history(std::uint16_t value) noexcept {
  return value <= kMaxHistoryDays || value == kHistoryOff;
}
// The one of kSetProperties that has this name. nullopt: none has it.
[[nodiscard]] std::optional<RoomProperty> property_of(std::string_view name) noexcept;

// nullopt: the text is too short, or a value is not known or too large.
[[nodiscard]] std::optional<RoomSetting> read_setting(std::string_view text) noexcept;
[[nodiscard]] std::optional<Moderation> read_moderation(std::string_view text) noexcept;
// Write into `out`, and return the part that was written. kMaxSettingBytes and kMaxModerationBytes
// are always enough.
[[nodiscard]] std::string_view write_setting(const RoomSetting& setting,
                                             std::span<char> out) noexcept;
[[nodiscard]] std::string_view write_moderation(const Moderation& moderation,
                                                std::span<char> out) noexcept;
inline constexpr std::size_t kMaxSettingBytes = encoded_bytes(RoomSetting{}) + kMaxNameBytes;
inline constexpr std::size_t kMaxModerationBytes =
    encoded_bytes(Moderation{}) + kMaxNamedBytes + kMaxModerationReason;

}  // namespace chatd::wire
