// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/alerts.hpp"

#include <variant>

#include "client/terminal/roster.hpp"
#include "client/words/room_words.hpp"
#include "client/words/rule_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"

namespace chatd::client {

namespace {

using wire::RecordKind;

Bell alert_of_line(const Line& line, std::string_view own_name) {
  if (line.replay || line.own) return Bell::never;
  if (line.record == RecordKind::announce || line.record == RecordKind::direct) {
    return Bell::mention;
  }
  if (is_about(line, own_name)) return Bell::mention;
  if (!is_room_message(line.record)) return Bell::never;
  return mentions(line.text, own_name) ? Bell::mention : Bell::always;
}

std::string text_of(const Line& line, wire::Language language) {
  const std::string name = shown_name(line.name, line.text_member);
  switch (line.record) {
    case RecordKind::say:
      return name + ": " + line.text;
    case RecordKind::action:
      return "* " + name + ' ' + line.text;
    case RecordKind::direct:
      return words(language, Words::direct_from, line.name) + ' ' + line.text;
    case RecordKind::announce:
      return words(language, Words::announcement, line.text);
    default:
      return change_text(language, line);
  }
}

// The text of a notification, as the server's texts are.
std::string text_of(const Report& report, wire::Language language) {
  return std::visit(
      Overloaded{
          [&](const Line& line) {
            const std::string room = line.room.name.empty() ? "" : '#' + line.room.name + ' ';
            return room + text_of(line, language);
          },
          [&](const RoomInvited& invited) { return invitation_text(language, invited); },
          [&](const RoomLeft& left) {
            return words(language, Words::room_removed, left.room.name,
                         removal_text(language, left.text));
          },
          [](const auto& /*no_alert*/) { return std::string{}; },
      },
      report);
}

}  // namespace

Bell alert_of(const Report& report, std::string_view own_name) {
  if (std::holds_alternative<RoomInvited>(report)) return Bell::mention;
  if (const auto* left = std::get_if<RoomLeft>(&report)) {
    const bool is_removal = left->code.empty() && !left->text.empty();
    return is_removal ? Bell::mention : Bell::never;
  }
  const auto* line = std::get_if<Line>(&report);
  return line == nullptr ? Bell::never : alert_of_line(*line, own_name);
}

std::string Alerts::on_report(const Report& report, std::string_view own_name, MonoTime now) {
  const Bell least = alert_of(report, own_name);
  const bool rings = least != Bell::never && settings_.bell >= least;
  const bool notifies = least != Bell::never && settings_.notify >= least;
  if (!rings && !notifies) return {};
  const bool is_for_user = least == Bell::mention;
  const auto& last = is_for_user ? last_for_user_ : last_;
  if (last && now - *last < kBetween) return {};
  last_ = now;
  if (is_for_user) last_for_user_ = now;
  std::string out = rings ? "\a" : "";
  if (notifies) out += notification(settings_.notifier, text_of(report, language_));
  return out;
}

}  // namespace chatd::client
