// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms, and changes of rooms, as lines for people.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/terminal/painter.hpp"
#include "client/words/local_time.hpp"
#include "client/words/outcome.hpp"
#include "client/words/room_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/room_facts.hpp"

namespace chatd::client {

std::string Painter::room_label(std::string_view room) const {
  return '#' + safe_text(room.empty() ? default_name_ : room);
}

// "#lab " if the room is not the one that the user writes to.
std::string Painter::mark_of(const RoomRef& room) const {
  return room_ == room.name ? std::string{} : room_label(room.name) + ' ';
}

std::string Painter::joined_room(const RoomJoined& joined) const {
  if (joined.again) return {};
  return remark(joined_text(style_.language, joined, &minute_of));
}

std::string Painter::left_room(const RoomLeft& left) const {
  const wire::Language language = style_.language;
  const std::string& name = left.room.name;
  if (wire::message_refusal_of(left.code) == wire::Reason::no_such_room) {
    return warning(words(language, Words::room_gone, name));
  }
  const std::string why = why_refused(language, {.code = left.code, .text = left.text});
  if (why.empty()) return remark(words(language, Words::room_left, name));
  const Words what = left.code.empty() ? Words::room_removed : Words::room_not_joined;
  return warning(words(language, what, name, why));
}

bool Painter::is_shown_removal(const Line& line) {
  const bool is_next = removal_ && removal_->room == line.room.name;
  const bool is_shown = is_next && line.record == wire::RecordKind::kick &&
                        removal_->name == wire::folded_name(line.name);
  const auto moderation = moderation_of(line);
  const bool removes = moderation && (moderation->action == wire::ModerateAction::kick ||
                                      moderation->action == wire::ModerateAction::ban);
  if (removes) {
    removal_ = {.room = line.room.name, .name = wire::folded_name(moderation->name)};
  } else if (is_next) {
    removal_.reset();
  }
  return is_shown;
}

std::string Painter::invited(const RoomInvited& invited) const {
  return in_rows(highlighted("-- " + safe_text(invitation_text(style_.language, invited))),
                 kBehindDashes);
}

std::string Painter::topic(const wire::RoomFacts& facts) const {
  const std::string text = topic_text(style_.language, facts, &minute_of);
  return remark(text.empty() ? std::string{words(style_.language, Words::no_topic)} : text);
}

std::string Painter::about(std::string_view room, const wire::RoomFacts& facts) const {
  std::string out = remark(room_label(room));
  const auto add = [&](std::string_view text) {
    if (!text.empty()) out += in_rows("   " + safe_text(text), kBehindDashes);
  };
  add(topic_text(style_.language, facts, &minute_of));
  for (const std::string& text : facts_text(style_.language, facts, &minute_of)) add(text);
  return out;
}

std::string Painter::rooms(std::string_view list, const RoomBook& book) const {
  const auto others = list.empty() ? 0 : std::ranges::count(list, '\n') + 1;
  std::string out = remark(
      words(style_.language, others == 0 ? Words::rooms_here_one : Words::rooms_here, others + 1));
  const auto row_of = [](std::optional<std::size_t> number, std::string_view label) {
    return fmt::format("   {:>2} {}", number ? std::to_string(*number) : "", label);
  };
  out += row_of(1, room_label({})) + '\n';
  while (!list.empty()) {
    const std::string_view row = take_row(list);
    const std::string_view name = row.substr(0, row.find('\t'));
    const std::string_view rest = row.substr(std::min(name.size() + 1, row.size()));
    const std::string members = safe_text(rest.substr(0, rest.find('\t')));
    out += row_of(book.number_of(name), room_label(name)) + "  " +
           words(style_.language, members == "1" ? Words::room_members_one : Words::room_members,
                 members) +
           '\n';
  }
  return out;
}

}  // namespace chatd::client
