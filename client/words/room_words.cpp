// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/room_words.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/words/history_words.hpp"
#include "client/words/words.hpp"
#include "common/base/possible_time.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/record_text.hpp"

namespace chatd::client {

namespace {

using wire::Language;
using wire::ModerateAction;
using wire::RoomProperty;
using wire::Sentence;

// {0}: the member that changes the property; {1}: the duration of `slow`, the new name, who joins,
// or how long messages are kept.
struct PropertyRow {
  RoomProperty property;
  Sentence on;
  Sentence off;
  Sentence fact;  // about a room whose property is on
};
constexpr std::array kProperties{
    PropertyRow{RoomProperty::invited,
                {"{0} closed the room: only invited members can join now",
                 "{0} 关闭了房间：只有受邀者可以进入"},
                {"{0} opened the room: anyone can join now", "{0} 开放了房间：任何人都可以进入"},
                {"only invited members can join", "只有受邀者可以进入"}},
    PropertyRow{RoomProperty::hidden,
                {"{0} hid the room: it is in no list now", "{0} 隐藏了房间：它不再出现在列表中"},
                {"{0} listed the room: it is in the list of rooms now",
                 "{0} 公开了房间：它出现在房间列表中"},
                {"the room is in no list", "这个房间不在列表中"}},
    PropertyRow{
        RoomProperty::lecture,
        {"{0} began a lecture: only owners and moderators speak now",
         "{0} 开始了讲座：现在只有房主和主持人可以发言"},
        {"{0} ended the lecture: all members speak now", "{0} 结束了讲座：现在所有人都可以发言"},
        {"only owners and moderators speak", "只有房主和主持人可以发言"}},
    PropertyRow{RoomProperty::slow,
                {"{0} began slow mode: each member can write once in {1}",
                 "{0} 开启了慢速模式：每人每 {1}只能发一条消息"},
                {"{0} ended slow mode", "{0} 关闭了慢速模式"},
                {"each member can write once in {1}", "每人每 {1}只能发一条消息"}},
    PropertyRow{
        RoomProperty::enter,
        {"{0} restricted the room: only {1} can join now", "{0} 限制了房间：只有{1}可以进入"},
        {"{0} opened the room: anyone can join now", "{0} 开放了房间：任何人都可以进入"},
        {"only {1} can join", "只有{1}可以进入"}},
    PropertyRow{RoomProperty::history,
                {"{0} changed the history: {1}", "{0} 更改了历史记录：{1}"},
                {"{0} changed the history: messages are kept as in other rooms",
                 "{0} 更改了历史记录：消息的保存与其他房间相同"},
                {"{1}", "{1}"}},
    PropertyRow{
        RoomProperty::name, {"{0} renamed the room to #{1}", "{0} 把房间改名为 #{1}"}, {}, {}},
};

// {0}: the member that acts, {1}: the member that the action is for. A duration and a reason
// follow.
struct ActionRow {
  ModerateAction action;
  Sentence done;
  bool has_duration{false};  // the sentence shows the seconds of the record
};
constexpr std::array kActions{
    ActionRow{ModerateAction::kick, {"{0} removed {1}", "{0} 移出了 {1}"}},
    ActionRow{ModerateAction::ban, {"{0} banned {1}", "{0} 封禁了 {1}"}, true},
    ActionRow{ModerateAction::unban, {"{0} unbanned {1}", "{0} 解除了对 {1} 的封禁"}},
    ActionRow{ModerateAction::mute, {"{0} muted {1}", "{0} 禁言了 {1}"}, true},
    ActionRow{ModerateAction::unmute, {"{0} unmuted {1}", "{0} 解除了 {1} 的禁言"}},
    ActionRow{ModerateAction::invite, {"{0} invited {1}", "{0} 邀请了 {1}"}},
    ActionRow{ModerateAction::uninvite,
              {"{0} withdrew the invitation of {1}", "{0} 撤回了对 {1} 的邀请"}},
    ActionRow{ModerateAction::moderator, {"{0} made {1} a moderator", "{0} 把 {1} 设为主持人"}},
    ActionRow{ModerateAction::owner, {"{0} made {1} an owner", "{0} 把 {1} 设为房主"}},
    ActionRow{ModerateAction::no_role, {"{0} ended the role of {1}", "{0} 取消了 {1} 的角色"}},
};

struct UnitRow {
  std::uint32_t seconds;
  Sentence one;
  Sentence several;
};
constexpr std::uint32_t kSecondsOfADay = 86'400;
constexpr std::array kDurationUnits{
    UnitRow{kSecondsOfADay, {"1 day", "1 天"}, {"{} days", "{} 天"}},
    UnitRow{3'600, {"1 hour", "1 小时"}, {"{} hours", "{} 小时"}},
    UnitRow{60, {"1 minute", "1 分钟"}, {"{} minutes", "{} 分钟"}},
    UnitRow{1, {"1 second", "1 秒"}, {"{} seconds", "{} 秒"}},
};

template <class... Values>
std::string filled(Language language, const Sentence& sentence, const Values&... values) {
  return fmt::format(fmt::runtime(sentence.in(language)), values...);
}

std::string actor(Language language, std::string_view name) {
  return std::string{name.empty() ? words(language, Words::administrator) : name};
}

const PropertyRow* row_of(RoomProperty property) noexcept {
  const auto* const row = std::ranges::find(kProperties, property, &PropertyRow::property);
  return row == kProperties.end() ? nullptr : row;
}

const ActionRow* row_of(ModerateAction action) noexcept {
  const auto* const row = std::ranges::find(kActions, action, &ActionRow::action);
  return row == kActions.end() ? nullptr : row;
}

std::string value_text(Language language, RoomProperty property, std::uint32_t value) {
  if (property == RoomProperty::history) {
    if (value == wire::kHistoryOff) return kept_text(language, {.is = wire::HistoryKept::none});
    return kept_text(language, {.is = wire::HistoryKept::kept, .seconds = value * kSecondsOfADay});
  }
  if (property != RoomProperty::enter) return duration_text(language, value);
  constexpr Sentence kKnown{"users known for a day", "认识一天以上的用户"};
  constexpr Sentence kOwned{"users that own a name", "拥有名字的用户"};
  const bool is_known = value == static_cast<std::uint32_t>(wire::MayEnter::known);
  return std::string{(is_known ? kKnown : kOwned).in(language)};
}

std::string setting_text(Language language, const Line& line) {
  const auto setting = wire::read_setting(line.text);
  const PropertyRow* const row = setting ? row_of(setting->property) : nullptr;
  if (row == nullptr) return {};
  if (setting->property == RoomProperty::name) {
    return filled(language, row->on, actor(language, line.name), setting->name);
  }
  return filled(language, setting->value == 0 ? row->off : row->on, actor(language, line.name),
                value_text(language, setting->property, setting->value));
}

std::string moderation_text(Language language, const Line& line) {
  const auto moderation = moderation_of(line);
  const ActionRow* const row = moderation ? row_of(moderation->action) : nullptr;
  if (row == nullptr || moderation->name.empty()) return {};
  std::string text = filled(language, row->done, actor(language, line.name), moderation->name);
  if (row->has_duration && moderation->seconds != 0) {
    text += words(language, Words::for_duration, duration_text(language, moderation->seconds));
  }
  if (!moderation->reason.empty()) text += words(language, Words::because, moderation->reason);
  return text;
}

// The brackets are part of the sentence: no name begins with one, so that no member can imitate it.
std::string crowd_text(Language language, const Line& line) {
  const auto crowd = wire::read_crowd(line.text);
  if (!crowd || *crowd == wire::Crowd{}) return {};
  if (crowd->left == 0) return words(language, Words::crowd_joined, crowd->joined);
  if (crowd->joined == 0) return words(language, Words::crowd_left, crowd->left);
  return words(language, Words::crowd_both, crowd->joined, crowd->left);
}

// Its own lines a member takes back one by one; others are erased.
std::string erased_text(Language language, const Line& line) {
  constexpr Sentence kOne{.en = "{} took back line {}", .zh = "{} 撤回了第 {} 行"};
  constexpr Sentence kSeveral{.en = "{} took back the lines {} to {}",
                              .zh = "{} 撤回了第 {} 至 {} 行"};
  constexpr Sentence kOfAuthor{.en = "{} took back the lines {} to {} of {}",
                               .zh = "{0} 撤回了 {3} 的第 {1} 至 {2} 行"};
  const auto lines = wire::read_erased(line.text);
  if (!lines) return {};
  const std::string by = actor(language, line.name);
  if (lines->first == lines->last) return filled(language, kOne, by, lines->first);
  if (lines->author.empty()) return filled(language, kSeveral, by, lines->first, lines->last);
  return filled(language, kOfAuthor, by, lines->first, lines->last, lines->author);
}

// Rounded up to minutes, as in the server's texts about bans.
std::string end_text(Language language, WallTime end, TimeText time_text) {
  if (!is_possible(end)) return std::string{words(language, Words::unknown_time)};
  return time_text(std::chrono::ceil<std::chrono::minutes>(end));
}

std::string rule_text(Language language, const wire::RoomFacts::Rule& rule, TimeText time_text) {
  const Words which = rule.action == ModerateAction::ban    ? Words::is_banned
                      : rule.action == ModerateAction::mute ? Words::is_muted
                                                            : Words::is_invited;
  std::string text = words(language, which, rule.name);
  if (rule.until) text += words(language, Words::until, end_text(language, *rule.until, time_text));
  text += words(language, Words::by, actor(language, rule.by));
  if (!rule.reason.empty()) text += words(language, Words::because, rule.reason);
  return text;
}

}  // namespace

std::string duration_text(Language language, std::uint32_t seconds) {
  std::string text;
  int units = 0;
  for (const UnitRow& unit : kDurationUnits) {
    const std::uint32_t count = seconds / unit.seconds;
    seconds %= unit.seconds;
    if (count == 0 && units == 0) continue;
    if (++units > 2) break;
    if (count == 0) continue;
    if (!text.empty()) text += ' ';
    text += filled(language, count == 1 ? unit.one : unit.several, count);
  }
  return text;
}

std::string change_text(Language language, const Line& line) {
  switch (line.record) {
    case wire::RecordKind::topic:
      return line.text.empty()
                 ? words(language, Words::topic_removed, actor(language, line.name))
                 : words(language, Words::topic_set, actor(language, line.name), line.text);
    case wire::RecordKind::set:
      return setting_text(language, line);
    case wire::RecordKind::moderated:
      return moderation_text(language, line);
    case wire::RecordKind::crowd:
      return crowd_text(language, line);
    case wire::RecordKind::erased:
      return erased_text(language, line);
    default:
      return {};
  }
}

std::optional<wire::Moderation> moderation_of(const Line& line) noexcept {
  if (line.record != wire::RecordKind::moderated) return std::nullopt;
  return wire::read_moderation(line.text);
}

bool is_about(const Line& line, std::string_view name) {
  const auto moderation = moderation_of(line);
  const std::string folded = moderation ? wire::folded_name(moderation->name) : std::string{};
  return !folded.empty() && folded == wire::folded_name(name);
}

std::string invitation_text(Language language, const RoomInvited& invited) {
  return words(language, Words::invited_to, actor(language, invited.name), invited.room);
}

namespace {

// "ada, 2026-11-20 23:15"
std::string by_and_when(Language language, std::string_view by, const std::optional<WallTime>& when,
                        TimeText time_text) {
  std::string text = actor(language, by);
  if (when) text += (language == Language::zh ? "，" : ", ") + time_text(*when);
  return text;
}

}  // namespace

std::string topic_text(Language language, const wire::RoomFacts& facts, TimeText time_text) {
  if (facts.topic.empty()) return {};
  return words(language, Words::topic_is, facts.topic,
               by_and_when(language, facts.topic_by, facts.topic_set, time_text));
}

std::string joined_text(Language language, const RoomJoined& joined, TimeText time_text) {
  if (joined.topic.empty()) return words(language, Words::room_joined, joined.room.name);
  return words(language, Words::room_topic, joined.room.name, joined.topic,
               by_and_when(language, joined.topic_by, joined.topic_set, time_text));
}

std::vector<std::string> facts_text(Language language, const wire::RoomFacts& facts,
                                    TimeText time_text) {
  std::vector<std::string> lines;
  lines.push_back(facts.members == 1 ? std::string{words(language, Words::room_members_one)}
                                     : words(language, Words::room_members, facts.members));
  if (facts.made) lines.push_back(words(language, Words::room_made, time_text(*facts.made)));
  const auto add_names = [&](Words which, const std::vector<std::string>& names) {
    if (!names.empty()) lines.push_back(words(language, which, fmt::join(names, ", ")));
  };
  add_names(Words::room_owners, facts.owners);
  add_names(Words::room_moderators, facts.moderators);
  const auto add_fact = [&](RoomProperty property, std::uint32_t value) {
    if (value == 0) return;
    lines.push_back(
        filled(language, row_of(property)->fact, "", value_text(language, property, value)));
  };
  add_fact(RoomProperty::invited, facts.is_invited ? 1 : 0);
  add_fact(RoomProperty::enter, static_cast<std::uint32_t>(facts.enter));
  add_fact(RoomProperty::hidden, facts.is_hidden ? 1 : 0);
  add_fact(RoomProperty::lecture, facts.is_lecture ? 1 : 0);
  add_fact(RoomProperty::slow, facts.slow_seconds);
  add_fact(RoomProperty::history, facts.history);
  for (const wire::RoomFacts::Rule& one : facts.rules) {
    lines.push_back(rule_text(language, one, time_text));
  }
  return lines;
}

}  // namespace chatd::client
