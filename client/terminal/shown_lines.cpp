// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/shown_lines.hpp"

#include <variant>

namespace chatd::client {

namespace {

// The own join is reported as Joined.
bool is_own_join(const Line& line) {
  return line.own && !line.replay && line.record == wire::RecordKind::join;
}

}  // namespace

void ShownLines::set_quiet(bool quiet) {
  quiet_ = quiet;
  if (quiet_) (void)presence_.take_all();
}

Report ShownLines::as_shown(Report report) {
  rejoined_.note(report);
  auto* const line = std::get_if<Line>(&report);
  if (line != nullptr && rejoined_.has_missed(*line)) line->replay = false;
  return report;
}

std::string ShownLines::paint_all(const std::vector<Gathered>& gathered) {
  std::string text;
  for (const Gathered& one : gathered) text += painter_.presence(one);
  return text;
}

std::string ShownLines::paint_line(const Line& line, MonoTime now) {
  if (!Presence::is_presence(line)) {
    std::string before = paint_all(presence_.take_before(line));
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
  // The report has a time, so that the end of the replay is shown before it.
  if (std::holds_alternative<OtherProgram>(report)) return presence_.take_all();
  return std::visit(
      [this]<class T>(const T& one) {
        if constexpr (requires { one.room.name; }) return presence_.take_of(one.room);
        return std::vector<Gathered>{};
      },
      report);
}

std::string ShownLines::paint(const Report& report, MonoTime now) {
  if (const auto* line = std::get_if<Line>(&report)) return paint_line(*line, now);
  const std::string before = paint_all(take_before(report));
  return before + painter_.paint(report);
}

std::string ShownLines::paint_due(MonoTime now) { return paint_all(presence_.take_due(now)); }

std::string ShownLines::paint_gathered() { return paint_all(presence_.take_all()); }

}  // namespace chatd::client
