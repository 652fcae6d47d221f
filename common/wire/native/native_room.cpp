// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_room.hpp"

#include "common/wire/field_reader.hpp"

namespace chatd::wire {

namespace {

template <Listed T>
std::string_view write(const T& value, std::span<char> out) noexcept {
  ByteWriter writer{std::as_writable_bytes(out)};
  encode(writer, value);
  return {out.data(), writer.written().size()};
}

// The largest value of a property; nullopt: there is no such property.
std::optional<std::uint16_t> max_value(RoomProperty property) noexcept {
  switch (property) {
    case RoomProperty::invited:
    case RoomProperty::hidden:
    case RoomProperty::lecture:
      return 1;
    case RoomProperty::slow:
      return kMaxSlowSeconds;
    case RoomProperty::name:
      return 0;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RoomSetting> read_setting(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  RoomSetting setting{};
  decode(in, setting);
  if (!in.ok()) return std::nullopt;
  const auto max = max_value(setting.property);
  if (!max || setting.value > *max) return std::nullopt;
  const bool has_name = !setting.name.empty() && setting.name.size() <= kMaxNameBytes;
  if (has_name != (setting.property == RoomProperty::name)) return std::nullopt;
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

std::string_view write_setting(const RoomSetting& setting, std::span<char> out) noexcept {
  return write(setting, out);
}

std::string_view write_moderation(const Moderation& moderation, std::span<char> out) noexcept {
  return write(moderation, out);
}

}  // namespace chatd::wire
