// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_log.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.hpp"

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

}  // namespace

void log_rule_made(const wire::RuleRow& rule, std::string_view by) {
  const std::string_view verb = rule.kind == "mute" ? "muted" : "banned";
  std::string message =
      fmt::format("{} {} is {}{} {}", rule.by_what, rule.target, verb, in_room(rule),
                  rule.until.empty() ? "without end" : "until " + rule.until);
  if (!rule.reason.empty()) message += ": " + rule.reason;
  write(rule, rule.kind, by, message);
}

void log_rule_removed(const wire::RuleRow& rule, std::string_view by) {
  const bool is_mute = rule.kind == "mute";
  write(rule, is_mute ? "unmute" : "unban", by,
        fmt::format("{} {} is {} no more{}", rule.by_what, rule.target,
                    is_mute ? "muted" : "banned", in_room(rule)));
}

void log_moderation(const wire::Moderation& moderation, std::string_view room, std::string_view by,
                    WallTime now) {
  const std::string_view action = name_of(moderation.action);
  std::string message = fmt::format("{} used {} on {} in #{}", by, action, moderation.name, room);
  std::vector<LogField> fields{{"CHATD_EVENT", "moderate"},
                               {"CHATD_ROOM", room},
                               {"CHATD_USER", moderation.name},
                               {"CHATD_BY", by},
                               {"CHATD_CHANGE", action}};
  std::string until;
  if (moderation.seconds != 0) {
    until = to_rfc3339(now + std::chrono::seconds{moderation.seconds});
    message += " until " + until;
    fields.push_back({"CHATD_UNTIL", until});
  }
  if (!moderation.reason.empty()) {
    message += fmt::format(": {}", moderation.reason);
    fields.push_back({"CHATD_REASON", moderation.reason});
  }
  log(LogLevel::notice, message, fields);
}

}  // namespace chatd::gateway
