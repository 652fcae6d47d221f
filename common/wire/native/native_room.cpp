// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_room.hpp"

#include <array>
#include <charconv>

#include "common/wire/field_reader.hpp"

namespace chatd::wire {

namespace {

template <Listed T>
std::string_view write(const T& value, std::span<char> out) noexcept {
  ByteWriter writer{std::as_writable_bytes(out)};
  encode(writer, value);
  return {out.data(), writer.written().size()};
}

// Names by the number of the value, from 1 on.
constexpr std::array<std::string_view, 7> kProperties{"invited", "hidden", "lecture", "slow",
                                                      "name",    "enter",  "history"};
// By the number of the value, from 0 on.
constexpr std::array<std::string_view, 3> kMayEnter{"anyone", "known", "owned"};
constexpr std::array<std::string_view, 10> kActions{"kick",   "ban",    "unban",    "mute",
                                                    "unmute", "invite", "uninvite", "moderator",
                                                    "owner",  "no_role"};
static_assert(kProperties.size() == static_cast<std::size_t>(RoomProperty::history));
static_assert(kMayEnter.size() == static_cast<std::size_t>(MayEnter::owned) + 1);
static_assert(kActions.size() == static_cast<std::size_t>(ModerateAction::no_role));

template <std::size_t kSize, class Number>
std::string_view name_in(const std::array<std::string_view, kSize>& names, Number number) noexcept {
  const auto at = static_cast<std::size_t>(number);
  return at == 0 || at > kSize ? std::string_view{} : names[at - 1];
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
    case RoomProperty::enter:
      return static_cast<std::uint16_t>(MayEnter::owned);
    case RoomProperty::history:
      return kHistoryOff;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(RoomProperty property) noexcept { return name_in(kProperties, property); }

std::string_view name_of(ModerateAction action) noexcept { return name_in(kActions, action); }

std::string_view name_of(MayEnter who) noexcept {
  const auto at = static_cast<std::size_t>(who);
  return at < kMayEnter.size() ? kMayEnter[at] : std::string_view{};
}

std::optional<MayEnter> may_enter_of(std::string_view name) noexcept {
  for (std::size_t at = 0; at < kMayEnter.size(); ++at) {
    if (kMayEnter[at] == name) return static_cast<MayEnter>(at);
  }
  return std::nullopt;
}

std::string history_text(std::uint16_t value) {
  if (value == kHistoryOff) return "off";
  return value == kHistoryOfServer ? "default" : std::to_string(value) + 'd';
}

std::optional<std::uint16_t> history_of(std::string_view text) noexcept {
  if (text == "default") return kHistoryOfServer;
  if (text == "off") return kHistoryOff;
  std::uint16_t days = 0;
  if (!text.ends_with('d')) return std::nullopt;
  text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool is_days = error == std::errc{} && end == text.data() + text.size();
  if (!is_days || days == kHistoryOfServer || days > kMaxHistoryDays) return std::nullopt;
  return days;
}

std::optional<RoomProperty> property_of(std::string_view name) noexcept {
  for (const RoomProperty property : kSetProperties) {
    if (name_of(property) == name) return property;
  }
  return std::nullopt;
}

std::optional<RoomSetting> read_setting(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  RoomSetting setting{};
  decode(in, setting);
  if (!in.ok()) return std::nullopt;
  const auto max = max_value(setting.property);
  if (!max || setting.value > *max) return std::nullopt;
  if (setting.property == RoomProperty::history && !is_history(setting.value)) return std::nullopt;
  const bool has_name = !setting.name.empty() && setting.name.size() <= kMaxNameBytes;
  if (has_name != (setting.property == RoomProperty::name)) return std::nullopt;
  return setting;
}

std::optional<Moderation> read_moderation(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  Moderation moderation{};
  decode(in, moderation);
  if (!in.ok() || moderation.action < ModerateAction::kick ||
      moderation.action > ModerateAction::no_role ||
      read_named(moderation.name).name.size() > kMaxNameBytes ||
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
