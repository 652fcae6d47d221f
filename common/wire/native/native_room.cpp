// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_room.hpp"

#include "common/wire/field_reader.hpp"

namespace chatd::wire {

std::optional<RoomSetting> read_setting(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  RoomSetting setting{};
  decode(in, setting);
  if (!in.ok()) return std::nullopt;
  const bool is_slow = setting.property == RoomProperty::slow;
  if (setting.property < RoomProperty::invited || setting.property > RoomProperty::slow ||
      setting.value > (is_slow ? kMaxSlowSeconds : 1)) {
    return std::nullopt;
  }
  return setting;
}

std::optional<Moderation> read_moderation(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  Moderation moderation{};
  decode(in, moderation);
  if (!in.ok() || moderation.action < ModerateAction::kick ||
      moderation.action > ModerateAction::no_role || moderation.name.size() > kMaxNameBytes ||
      moderation.reason.size() > kMaxModerationReason) {
    return std::nullopt;
  }
  return moderation;
}

std::string_view write_moderation(const Moderation& moderation, std::span<char> out) noexcept {
  ByteWriter writer{std::as_writable_bytes(out)};
  encode(writer, moderation);
  return {out.data(), writer.written().size()};
}

}  // namespace chatd::wire
