// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/room_change.hpp"

#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace chatd::test {

using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

namespace {

constexpr std::uint32_t kInvitationSeconds = 86'400;  // the server writes this for 0

RoomChange change_topic(const ChangePlace& place, std::uint64_t number) {
  const std::string topic = fmt::format("topic {}", number);
  return {.message = client::SetTopic{.topic = topic, .room = place.room},
          .sent = {.text = topic, .kind = RecordKind::topic}};
}

// A lecture is soon ended: most messages are refused in it.
RoomChange change_property(const ChangePlace& place, std::mt19937_64& random) {
  static constexpr std::array kProperties{RoomProperty::invited, RoomProperty::hidden,
                                          RoomProperty::lecture};
  const RoomProperty property = place.rules.is_on(RoomProperty::lecture)
                                    ? RoomProperty::lecture
                                    : kProperties[random() % kProperties.size()];
  const std::uint16_t value = place.rules.is_on(property) ? 0 : 1;
  return {.message = client::SetProperty{.property = property, .value = value, .room = place.room},
          .sent = {.text = record_text(wire::RoomSetting{.property = property, .value = value}),
                   .kind = RecordKind::set}};
}

RoomChange moderate(const ChangePlace& place, ModerateAction action, const std::string& target,
                    std::uint64_t number) {
  const std::string reason = fmt::format("change {}", number);
  const std::uint32_t seconds = action == ModerateAction::invite ? kInvitationSeconds : 0;
  return {.message = client::Moderate{.action = action,
                                      .name = target,
                                      .seconds = seconds,
                                      .reason = reason,
                                      .room = place.room},
          .sent = {.text = record_text(wire::Moderation{
                       .action = action, .seconds = seconds, .name = target, .reason = reason}),
                   .kind = RecordKind::moderated}};
}

RoomChange change_role(const ChangePlace& place, const std::string& target, std::uint64_t number) {
  const bool has_role = place.rules.role(target) != RoomRole::none;
  return moderate(place, has_role ? ModerateAction::no_role : ModerateAction::moderator, target,
                  number);
}

}  // namespace

std::string record_text(const wire::RoomSetting& setting) {
  std::array<char, wire::kMaxSettingBytes> text{};
  return std::string{wire::write_setting(setting, text)};
}

std::string record_text(const wire::Moderation& moderation) {
  std::array<char, wire::kMaxModerationBytes> text{};
  return std::string{wire::write_moderation(moderation, text)};
}

const std::string& any_of(const RoomRules::Names& names, std::mt19937_64& random) {
  return *std::next(names.begin(), static_cast<std::ptrdiff_t>(random() % names.size()));
}

RoomChange choose_change(const ChangePlace& place, const std::string& target, std::uint64_t number,
                         std::mt19937_64& random) {
  if (place.is_owner && random() % 2 == 0) return change_property(place, random);
  if (place.is_owner && random() % 5 == 0) return change_role(place, target, number);
  if (random() % 8 == 0) return change_topic(place, number);
  const RoomRules::Names& banned = place.rules.banned();
  if (!banned.empty() && random() % 3 == 0) {
    return moderate(place, ModerateAction::unban, any_of(banned, random), number);
  }
  const RoomRules::Names& muted = place.rules.muted();
  if (!muted.empty() && random() % 3 == 0) {
    return moderate(place, ModerateAction::unmute, any_of(muted, random), number);
  }
  static constexpr std::array kActions{ModerateAction::kick,   ModerateAction::ban,
                                       ModerateAction::unban,  ModerateAction::mute,
                                       ModerateAction::invite, ModerateAction::uninvite};
  return moderate(place, kActions[random() % kActions.size()], target, number);
}

}  // namespace chatd::test
