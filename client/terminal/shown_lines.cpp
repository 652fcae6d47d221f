// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/shown_lines.hpp"

#include <variant>

#include "client/member/list_text.hpp"
#include "client/terminal/roster.hpp"
#include "client/words/room_words.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

// The own join is reported as Joined, the own leave of a room as RoomLeft, and that of the name
// that the user had before as Joined, too.
bool is_own_presence(const Line& line) {
  return line.own && !line.replay && Presence::is_presence(line);
}

// A join or a leave of the user in an earlier run or session, or of somebody else under the same
// name. as_shown() takes the mark of a replay from those that were missed.
bool is_earlier_own(const Line& line, std::string_view name) {
  return !line.text_member && Presence::is_presence(line) && !line.name.empty() &&
         wire::folded_name(line.name) == wire::folded_name(name);
}

// A message to the room.
bool is_message(const Line& line) {
  return is_room_message(line.record) || line.record == wire::RecordKind::announce;
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

// The text is one line with its newline; "" if nothing is shown.
void ShownLines::keep(const LogLines::Entry& line) {
  if (line.text.empty()) return;
  LogLines::Entry entry = line;
  entry.text.remove_suffix(1);
  kept_.add({.time = entry.time, .text = std::string{entry.text}});
  if (log_) log_->add(entry);
}

// The rows of a remark, or of a report that is no Line: these have no time of their own.
void ShownLines::log_only(std::string_view rows, WallTime wall) {
  while (!rows.empty()) {
    log_->add({.time = wall, .room = {}, .replay = false, .text = take_row(rows)});
  }
}

void ShownLines::log_remark(std::string_view text, WallTime wall) {
  if (log_) log_only(painter_.plain().remark(text), wall);
}

std::string ShownLines::paint_all(const std::vector<Gathered>& gathered) {
  std::string text;
  for (const Gathered& one : gathered) {
    const std::string plain = painter_.plain().presence(one);
    keep({.time = one.time, .room = one.room.name, .replay = one.replay, .text = plain});
    text += painter_.presence(one);
  }
  return text;
}

std::string ShownLines::paint_line(const Line& line, MonoTime now) {
  if (!Presence::is_presence(line)) {
    std::string before = paint_all(presence_.take_before(line));
    const std::string plain = painter_.plain().paint(line);
    keep({.time = line.time, .room = line.room.name, .replay = line.replay, .text = plain});
    if (!line.replay && !plain.empty() && painter_.is_mention(line)) {
      with_mention_.add({.time = line.time, .text = plain.substr(0, plain.size() - 1)});
    }
    const bool ends_replay = painter_.is_in_replay() && !line.replay;  // it has a mark itself
    const std::string text = painter_.paint(line);
    const bool is_new = !text.empty() && !line.replay && !line.own;
    if (is_new && unread_mark_.take_first(now) && !ends_replay) before += painter_.unread_mark();
    return before + text;
  }
  // The replay of the room ends with the own join.
  if (is_own_presence(line)) return paint_all(presence_.take_of(line.room));
  if (quiet_ || is_earlier_own(line, painter_.name())) return {};
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

std::string ShownLines::paint(const Report& report, MonoTime now, WallTime wall) {
  count_unread(report);
  seen_users_.note(report, wall);
  if (log_) log_->note(report);
  if (const auto* line = std::get_if<Line>(&report)) return paint_line(*line, now);
  const std::string before = paint_all(take_before(report));
  if (log_) log_only(painter_.plain().paint(report), wall);
  return before + painter_.paint(report);
}

std::string ShownLines::paint_due(MonoTime now) { return paint_all(presence_.take_due(now)); }

std::string ShownLines::paint_gathered() { return paint_all(presence_.take_all()); }

}  // namespace chatd::client
