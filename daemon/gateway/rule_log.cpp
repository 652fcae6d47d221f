// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_log.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/wire/rfc3339.hpp"

namespace chatd::gateway {

namespace {

void write(const wire::RuleRow& rule, std::string_view event, std::string_view by,
           const std::string& message) {
  const std::string id = std::to_string(rule.id);
  std::vector<LogField> fields{
      {"CHATD_EVENT", event}, {"CHATD_RULE", id}, {"CHATD_USER", rule.target}, {"CHATD_BY", by}};
  const auto add = [&fields](std::string_view name, const std::string& value) {
    if (!value.empty()) fields.push_back({name, value});
  };
  add("CHATD_REASON", rule.reason);
  add("CHATD_ROOM", rule.room);
  add("CHATD_UNTIL", rule.until);
  log(LogLevel::notice, message, fields);
}

std::string in_room(const wire::RuleRow& rule) {
  return rule.room.empty() ? std::string{} : " in #" + rule.room;
}

// "2026-11-29 14:05 UTC", of a time in RFC 3339: the end of the minute, as the member is shown it.
std::string minute_of(std::string_view time) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kClock = 5;
  const auto end = wire::parse_rfc3339(time);
  if (!end) return std::string{time};
  const std::string minute = to_rfc3339(std::chrono::ceil<std::chrono::minutes>(*end));
  return fmt::format("{} {} UTC", minute.substr(0, kDate), minute.substr(kDate + 1, kClock));
}

// The sentence about an action: "ada", `before`, "bob", `behind`, "#lab".
struct ActionWords {
  std::string_view before;
  std::string_view behind;
};

// By the number of the action, from 1 on.
constexpr std::array kActionWords{
    ActionWords{"removed", "from"},                   // kick
    ActionWords{"banned", "from"},                    // ban
    ActionWords{"lifted the ban of", "in"},           // unban
    ActionWords{"muted", "in"},                       // mute
    ActionWords{"lifted the mute of", "in"},          // unmute
    ActionWords{"invited", "to"},                     // invite
    ActionWords{"withdrew the invitation of", "to"},  // uninvite
    ActionWords{"made", "a moderator of"},            // moderator
    ActionWords{"made", "an owner of"},               // owner
    ActionWords{"ended the role of", "in"},           // no_role
};
static_assert(kActionWords.size() == static_cast<std::size_t>(wire::ModerateAction::no_role));

}  // namespace

void log_rule_made(const wire::RuleRow& rule, std::string_view by) {
  const std::string_view verb = rule.kind == "mute" ? "muted" : "banned";
  std::string message =
      fmt::format("{} {} is {}{} {}", rule.by_what, rule.target, verb, in_room(rule),
                  rule.until.empty() ? "without end" : "until " + minute_of(rule.until));
  if (!rule.reason.empty()) message += ": " + rule.reason;
  write(rule, rule.kind, by, message);
}

void log_rule_removed(const wire::RuleRow& rule, std::string_view by) {
  const bool is_mute = rule.kind == "mute";
  write(rule, is_mute ? "unmute" : "unban", by,
        fmt::format("{} {} is no longer {}{}", rule.by_what, rule.target,
                    is_mute ? "muted" : "banned", in_room(rule)));
}

void log_moderation(const wire::Moderation& moderation, std::string_view room, std::string_view by,
                    WallTime now) {
  const std::string_view action = name_of(moderation.action);
  const ActionWords& words = kActionWords.at(static_cast<std::size_t>(moderation.action) - 1);
  std::string message =
      fmt::format("{} {} {} {} #{}", by, words.before, moderation.name, words.behind, room);
  std::vector<LogField> fields{{"CHATD_EVENT", "moderate"},
                               {"CHATD_ROOM", room},
                               {"CHATD_USER", moderation.name},
                               {"CHATD_BY", by},
                               {"CHATD_CHANGE", action}};
  std::string until;
  if (moderation.seconds != 0) {
    until = to_rfc3339(now + std::chrono::seconds{moderation.seconds});
    message += " until " + minute_of(until);
    fields.push_back({"CHATD_UNTIL", until});
  }
  if (!moderation.reason.empty()) {
    message += fmt::format(": {}", moderation.reason);
    fields.push_back({"CHATD_REASON", moderation.reason});
  }
  log(LogLevel::notice, message, fields);
}

void log_erasure(const chat::LineErasure::Taken& line, std::string_view room, std::string_view by) {
  const std::string of = line.author.empty() ? "" : fmt::format(" of {}", line.author);
  log(LogLevel::notice, fmt::format("{} erased line {}{} in #{}", by, line.number, of, room),
      {{"CHATD_EVENT", "moderate"},
       {"CHATD_ROOM", room},
       {"CHATD_USER", line.author},
       {"CHATD_BY", by},
       {"CHATD_CHANGE", "erase"}});
}

}  // namespace chatd::gateway
