// SPDX-License-Identifier: GPL-3.0-or-later
// native_room.hpp — a change in a room: of one of its properties, or of what a user may do
// there. The same bytes are the text of a command and that of the record in the room's log.
//
// Runs in:   client (writes commands, reads records), gateway.
// Borrows:   the text that it is read from. Pure; nothing allocates.
// See:       chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/name.hpp"

namespace chatd::wire {

// A property of a room that its owners change.
enum class RoomProperty : std::uint8_t {
  invited = 1,  // 1: only invited members join
  hidden = 2,   // 1: only its members find it
  lecture = 3,  // 1: only owners and moderators speak
  slow = 4,     // seconds between two messages of a member, at most 3600; 0: no limit
  name = 5,     // in records only: the room has another name
};
struct RoomSetting {
  RoomProperty property{};
  std::uint16_t value{};    // of `name` 0
  std::string_view name{};  // of `name` only: the name that the room has from now on
  static constexpr void fields(auto& v, auto& setting) {
    v("property", setting.property);
    v("value", setting.value);
    v("name", Rest{setting.name});
  }
};
// The actions of an owner or a moderator on another user.
enum class ModerateAction : std::uint8_t {
  kick = 1,
  ban = 2,  // and kick
  unban = 3,
  mute = 4,
  unmute = 5,
  invite = 6,
  uninvite = 7,
  moderator = 8,  // becomes a moderator; of an owner: is no more than that
  owner = 9,
  no_role = 10,
};
struct Moderation {
  ModerateAction action{};
  std::uint32_t seconds{};    // of a ban, a mute or an invitation; 0: without end
  std::string_view name{};    // of whom
  std::string_view reason{};  // told to them; may be empty
  static constexpr void fields(auto& v, auto& moderation) {
    v("action", moderation.action);
    v("seconds", moderation.seconds);
    v("name", moderation.name);
    v("reason", Rest{moderation.reason});
  }
};

inline constexpr std::uint16_t kMaxSlowSeconds = 3600;
inline constexpr std::size_t kMaxTopicBytes = 200;  // of UTF-8
inline constexpr std::size_t kMaxModerationReason = 120;

// "lecture", "mute": in commands of users, in JSON and in the journal. "": not a known value.
[[nodiscard]] std::string_view name_of(RoomProperty property) noexcept;
[[nodiscard]] std::string_view name_of(ModerateAction action) noexcept;
// A property that is changed by its name. nullopt: there is none; `name` is changed by `rename`.
[[nodiscard]] std::optional<RoomProperty> property_of(std::string_view name) noexcept;

// nullopt: too short, or a value that is not known or too large.
[[nodiscard]] std::optional<RoomSetting> read_setting(std::string_view text) noexcept;
[[nodiscard]] std::optional<Moderation> read_moderation(std::string_view text) noexcept;
// Into `out`, which is returned as far as it is used. The longest take kMaxSettingBytes and
// kMaxModerationBytes.
[[nodiscard]] std::string_view write_setting(const RoomSetting& setting,
                                             std::span<char> out) noexcept;
[[nodiscard]] std::string_view write_moderation(const Moderation& moderation,
                                                std::span<char> out) noexcept;
inline constexpr std::size_t kMaxSettingBytes = encoded_bytes(RoomSetting{}) + kMaxNameBytes;
inline constexpr std::size_t kMaxModerationBytes =
    encoded_bytes(Moderation{}) + kMaxNameBytes + kMaxModerationReason;

}  // namespace chatd::wire
