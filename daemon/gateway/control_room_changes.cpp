// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_room_changes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "common/wire/native/native_room.hpp"
#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

using state::RuleKind;

namespace {

using Room = ControlRooms::Room;

// nullopt: not a possible value of the property.
std::optional<std::uint16_t> parse_value(wire::RoomProperty property, std::string_view text) {
  if (property == wire::RoomProperty::enter) {
    const auto who = wire::may_enter_of(text);
    return who ? std::optional{static_cast<std::uint16_t>(*who)} : std::nullopt;
  }
  if (property == wire::RoomProperty::history) return wire::history_of(text);
  if (property != wire::RoomProperty::slow) {
    if (text == "yes" || text == "no") return text == "yes" ? 1 : 0;
    return std::nullopt;
  }
  std::uint16_t seconds = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), seconds);
  const bool is_number = error == std::errc{} && end == text.end();
  return is_number && seconds <= wire::kMaxSlowSeconds ? std::optional{seconds} : std::nullopt;
}

std::unexpected<control::Refusal> refuse_value(std::string_view property, std::string_view value) {
  const auto takes = [property]() -> std::string {
    if (property == "enter") return "anyone, known or owned";
    if (property == "history") {
      return fmt::format("default, off, or days: 1d to {}d", wire::kMaxHistoryDays);
    }
    if (property == "slow") return fmt::format("seconds, 0 to {}", wire::kMaxSlowSeconds);
    return "yes or no";
  }();
  return refuse_request(wire::code::kUsage,
                        fmt::format("{} takes {}, not \"{}\"", property, takes, value));
}

std::unexpected<control::Refusal> refuse_property(std::string_view property) {
  std::string known{"topic"};
  for (const wire::RoomProperty one : wire::kSetProperties) {
    known += one == wire::kSetProperties.back() ? " and " : ", ";
    known += name_of(one);
  }
  return refuse_request(wire::code::kUsage,
                        fmt::format("a room has {}, not \"{}\"", known, property));
}

// Some reasons are about the member in the request.
std::unexpected<control::Refusal> refuse_member(wire::Reason reason, std::string_view name) {
  if (reason == wire::Reason::no_such_member) return refuse_unknown(name);
  if (reason == wire::Reason::not_native) {
    return refuse_request(
        wire::code::kFailed,
        fmt::format("{} is a text member, which has no key: a role needs one", name));
  }
  return refuse_because(reason);
}

}  // namespace

// --- name --------------------------------------------------------------------------

control::Answer<wire::RenamedRoomReport> ControlRoomChanges::rename(std::string_view room,
                                                                    std::string_view name) {
  const auto place = rooms_.find_further(room, "has its name from room.name in the configuration");
  if (!place) return std::unexpected{place.error()};
  if (name.starts_with('#')) name.remove_prefix(1);
  wire::RenamedRoomReport report{.from = rooms_.name_of(*place)};
  const auto renamed = chat_.moderation.rename(by_administrator(), *place, name);
  if (!renamed) return refuse_room_name(renamed.error(), name);
  report.to = rooms_.name_of(*place);
  report.is_saved = rooms_.unsaved(*place);
  log_room_change(report.to, "renamed",
                  fmt::format("the administrator renamed #{} to #{}", report.from, report.to));
  return report;
}

// --- properties --------------------------------------------------------------------

control::Answer<wire::RoomSetReport> ControlRoomChanges::set_topic(const Room& room,
                                                                   std::string_view topic) {
  if (topic.size() > state::kMaxTopicBytes) {
    return refuse_too_long("the topic", topic.size(), state::kMaxTopicBytes);
  }
  if (const auto done = chat_.moderation.set_topic(by_administrator(), room, topic); !done) {
    return refuse_because(done.error());
  }
  wire::RoomSetReport report{
      .room = rooms_.name_of(room), .property = "topic", .is_saved = rooms_.unsaved(room)};
  report.value = view_of(topic_of(rooms_.properties_of(room)).text);
  log_room_change(report.room, "topic",
                  fmt::format("the administrator set the topic of #{}", report.room));
  return report;
}

control::Answer<wire::RoomSetReport> ControlRoomChanges::set(std::string_view name,
                                                             std::string_view property,
                                                             std::string_view value) {
  const auto room = rooms_.find(name);
  if (!room) return std::unexpected{room.error()};
  if (property == "topic") return set_topic(*room, value);
  const auto known = wire::property_of(property);
  if (!known) return refuse_property(property);
  const auto number = parse_value(*known, value);
  if (!number) return refuse_value(property, value);
  if (!*room && wire::is_about_entry(*known)) {
    return refuse_request(
        wire::code::kFailed,
        fmt::format("#{} is the default room, in which every member is", rooms_.name_of(*room)));
  }
  wire::RoomSetting setting{};
  setting.property = *known;
  setting.value = *number;
  if (const auto done = chat_.moderation.set(by_administrator(), *room, setting); !done) {
    return refuse_because(done.error());
  }
  wire::RoomSetReport report{.room = rooms_.name_of(*room),
                             .property = std::string{property},
                             .value = std::string{value},
                             .is_saved = rooms_.unsaved(*room)};
  log_room_change(
      report.room, property,
      fmt::format("the administrator set {} of #{} to {}", property, report.room, value));
  return report;
}

// --- roles -------------------------------------------------------------------------

bool ControlRoomChanges::has_role(const Room& room, chat::Role role, std::string_view name) const {
  const auto target = chat_.changes.find_target(room, name, wall_now());
  return target && target->role == role;
}

control::Answer<wire::RoomRoleReport> ControlRoomChanges::role(RuleKind role, std::string_view room,
                                                               std::string_view name, bool remove) {
  const auto place = rooms_.find(room);
  if (!place) return std::unexpected{place.error()};
  const bool is_owner = role == RuleKind::owner;
  const std::string_view role_name = is_owner ? "owner" : "moderator";
  wire::RoomRoleReport report{.room = rooms_.name_of(*place),
                              .name = std::string{name},
                              .role = std::string{remove ? "none" : role_name},
                              .is_saved = rooms_.unsaved(*place)};
  if (remove && !has_role(*place, is_owner ? chat::Role::owner : chat::Role::moderator, name)) {
    return refuse_request(wire::code::kNotFound,
                          fmt::format("{} is no {} of #{}", name, role_name, report.room));
  }
  const auto action = [&] {
    if (remove) return wire::ModerateAction::no_role;
    return is_owner ? wire::ModerateAction::owner : wire::ModerateAction::moderator;
  }();
  wire::Moderation moderation{};
  moderation.action = action;
  moderation.name = name;
  const auto done = chat_.moderation.moderate(by_administrator(), *place, moderation);
  if (!done) return refuse_member(done.error(), name);
  for (const auto& [member, reason] : done->removals) {
    remove_(member, state::LeaveKind::kicked, reason, control_now());
  }
  if (!done->removals.empty()) chat_.changes.removed();
  report.name = done->name;
  log_room_change(report.room, remove ? "no_role" : role_name,
                  remove ? fmt::format("{} has no role in #{} any more", report.name, report.room)
                         : fmt::format("{} is {} {} of #{} now", report.name, is_owner ? "an" : "a",
                                       role_name, report.room));
  return report;
}

// --- report ------------------------------------------------------------------------

void ControlRoomChanges::describe(const Room& room, wire::RoomReport& report) const {
  const state::RoomProperties& properties = rooms_.properties_of(room);
  const state::RoomTopic& topic = topic_of(properties);
  report.topic = view_of(topic.text);
  if (!report.topic.empty()) {
    report.topic_by = view_of(topic.by);
    report.topic_set = to_rfc3339(wall_time_of(topic.set_wall));
  }
  report.is_invited = properties.is_invited.load(std::memory_order_relaxed);
  report.is_hidden = properties.is_hidden.load(std::memory_order_relaxed);
  report.is_lecture = properties.is_lecture.load(std::memory_order_relaxed);
  report.enter = name_of(properties.enter.load(std::memory_order_relaxed));
  report.slow_seconds = properties.slow_seconds.load(std::memory_order_relaxed);
  report.history = wire::history_text(properties.history.load(std::memory_order_relaxed));
  const WallTime now = wall_now();
  chat_.rules.for_each_of(chat::RoomRights::id_of(room), [&](state::RuleIndex index) {
    const state::RuleSlot& rule = chat_.rules.row(index);
    if (has_ended(rule, now)) return;
    const std::string name{view_of(rule.name)};
    if (rule.kind == RuleKind::owner) report.owners.push_back(name);
    if (rule.kind == RuleKind::moderator) report.moderators.push_back(name);
    if (rule.kind == RuleKind::invitation) ++report.invitations;
  });
  std::ranges::sort(report.owners);
  std::ranges::sort(report.moderators);
}

}  // namespace chatd::gateway
