// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/shown_lines.hpp"

#include <variant>

#include "client/terminal/roster.hpp"
#include "common/base/overloaded.hpp"

namespace chatd::client {

namespace {

// The own join is reported as Joined.
bool is_own_join(const Line& line) {
  return line.own && !line.replay && line.record == wire::RecordKind::join;
}

// A message to the room.
bool is_message(const Line& line) {
  return line.record == wire::RecordKind::say || line.record == wire::RecordKind::action ||
         line.record == wire::RecordKind::announce;
}

}  // namespace

void ShownLines::set_quiet(bool quiet) {
  quiet_ = quiet;
  if (quiet_) (void)presence_.take_all();
}

void ShownLines::set_room(const std::optional<std::string>& room) {
  room_ = room;
  if (room_) unread_rooms_.remove(*room_);
}

std::vector<std::string> ShownLines::unread_texts(wire::Language language) const {
  return unread_rooms_.texts(language,
                             [this](std::string_view room) { return painter_.room_label(room); });
}

void ShownLines::count_unread(const Report& report) {
  std::visit(Overloaded{
                 [&](const Line& line) {
                   if (!is_message(line) || line.own || line.replay) return;
                   if (line.room.name == room_) return;
                   unread_rooms_.add(line.room.name, mentions(line.text, painter_.name()));
                 },
                 [&](const Joined& joined) {
                   if (!joined.again) unread_rooms_.clear();
                 },
                 [&](const RoomLeft& left) { unread_rooms_.remove(left.room.name); },
                 [&](const RoomRenamed& renamed) {
                   unread_rooms_.rename(renamed.before, renamed.room.name);
                 },
                 [](const auto& /*other*/) {},
             },
             report);
}

Report ShownLines::as_shown(Report report) {
  rejoined_.note(report);
  auto* const line = std::get_if<Line>(&report);
  if (line != nullptr && rejoined_.has_missed(*line)) line->replay = false;
  return report;
}

// `text` is one line with its newline; "" if nothing is shown.
void ShownLines::keep(WallTime time, std::string_view text) {
  if (text.empty()) return;
  text.remove_suffix(1);
  kept_.add({.time = time, .text = std::string{text}});
}

std::string ShownLines::paint_all(const std::vector<Gathered>& gathered) {
  std::string text;
  for (const Gathered& one : gathered) {
    keep(one.time, painter_.plain().presence(one));
    text += painter_.presence(one);
  }
  return text;
}

std::string ShownLines::paint_line(const Line& line, MonoTime now) {
  if (!Presence::is_presence(line)) {
    std::string before = paint_all(presence_.take_before(line));
    keep(line.time, painter_.plain().paint(line));
    const std::string text = painter_.paint(line);
    const bool is_new = !text.empty() && !line.replay && !line.own;
    if (is_new && unread_mark_.take_first(now)) before += painter_.unread_mark();
    return before + text;
  }
  if (quiet_ || is_own_join(line)) return {};
  return paint_all(presence_.add(line, now));
}

// The changes that are shown before a report that is not a Line.
std::vector<Gathered> ShownLines::take_before(const Report& report) {
  // OtherProgram has a time, so that the end of the replay is shown before it. OtherPerson is about
  // the lines that follow.
  if (std::holds_alternative<OtherProgram>(report)) return presence_.take_all();
  if (std::holds_alternative<OtherPerson>(report)) return presence_.take_all();
  return std::visit(
      [this]<class T>(const T& one) {
        if constexpr (requires { one.room.name; }) return presence_.take_of(one.room);
        return std::vector<Gathered>{};
      },
      report);
}

std::string ShownLines::paint(const Report& report, MonoTime now) {
  count_unread(report);
  if (const auto* line = std::get_if<Line>(&report)) return paint_line(*line, now);
  const std::string before = paint_all(take_before(report));
  return before + painter_.paint(report);
}

std::string ShownLines::paint_due(MonoTime now) { return paint_all(presence_.take_due(now)); }

std::string ShownLines::paint_gathered() { return paint_all(presence_.take_all()); }

}  // namespace chatd::client
