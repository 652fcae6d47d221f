// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/text_commands.hpp"

#include "common/wire/text/text_protocol.hpp"

namespace chatd::chat {

using state::NamingHabit;

// The argument of a C without the sender's own name, by the form that this room, or this member,
// uses.
std::string_view TextCommands::message_of(Slot member, std::string_view argument) {
  NamingHabit& habit = sessions_.session(member).naming_habit;
  if (chat_form_ == config::ChatForm::message) return argument;
  if (chat_form_ == config::ChatForm::automatic && habit == NamingHabit::plain) return argument;
  const auto stripped = wire::strip_own_name(argument, sessions_.name(member));
  habit = stripped ? NamingHabit::names_itself : NamingHabit::plain;
  return stripped.value_or(argument);
}

TextCommands::Said TextCommands::say(Slot member, std::string_view argument, Now now) {
  sessions_.heard(member, now.mono);
  // Before the text is checked: a refused text costs the gateway as much.
  if (const auto refused = sessions_.charge_line(member, now.mono)) {
    return {
        .status = SayStatus::too_fast, .wait = refused->wait, .per_second = refused->per_second};
  }
  const std::string_view raw = message_of(member, argument);
  const auto said = commands_.say({.slot = member, .now = now}, state::RecordKind::say, raw);
  if (said) return {.status = SayStatus::said};
  switch (said.error()) {
    case wire::Reason::text_empty:
      return {.status = SayStatus::empty};
    case wire::Reason::text_too_long:
      return {.status = SayStatus::too_long, .bytes = raw.size()};
    case wire::Reason::text_not_utf8:
      return {.status = SayStatus::not_utf8};
    default:
      return {.status = SayStatus::refused, .reason = said.error()};
  }
}

}  // namespace chatd::chat
