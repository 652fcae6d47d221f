// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/painter.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/terminal/input.hpp"
#include "client/terminal/roster.hpp"
#include "client/words/local_time.hpp"
#include "client/words/outcome.hpp"
#include "client/words/presence_words.hpp"
#include "client/words/room_words.hpp"
#include "client/words/rule_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/typed_words.hpp"
#include "client/words/word_wrap.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
#include "common/base/possible_time.hpp"
#include "common/wire/display_width.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using wire::RecordKind;

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReverse = "\x1b[1;7m";  // readable with every colour of a terminal
constexpr std::string_view kAdmin = "\x1b[1;35m";
constexpr std::string_view kWarning = "\x1b[1;31m";
constexpr std::string_view kOwnMark = " ✓";
constexpr std::string_view kMarkForUser = "»";

// Indents of the rows behind the first one: below the text.
constexpr std::size_t kBehindClock = 6;
constexpr std::size_t kBehindWarning = 2;

}  // namespace

Painter Painter::plain() const {
  Painter plain{*this};
  plain.style_.colors = Colors::none;
  plain.style_.sections = false;
  plain.style_.times = false;
  plain.columns_ = 0;
  plain.room_.reset();
  return plain;
}

std::string Painter::clock(WallTime time) const {
  return style_.times ? clock_of(time) : std::string{};
}

std::string Painter::tinted(std::string_view text, std::string_view sequence) const {
  if (style_.colors == Colors::none || text.empty() || sequence.empty()) return std::string{text};
  return std::string{sequence}.append(text).append(kReset);
}

std::string Painter::highlighted(std::string_view text) const { return tinted(text, kBold); }

std::string Painter::in_rows(std::string_view line, std::size_t indent) const {
  return wrapped(line, columns_, indent) + '\n';
}

std::string Painter::remark_text(std::string_view text) const {
  return tinted("-- " + safe_text(text), kDim);
}

std::string Painter::remark(std::string_view text) const {
  return in_rows(remark_text(text), kBehindDashes);
}

std::string Painter::remarks(const std::vector<std::string>& texts) const {
  std::string out;
  for (const std::string& text : texts) {
    out += out.empty() ? remark(text) : in_rows("   " + safe_text(text), kBehindDashes);
  }
  return out;
}

std::string Painter::warning(std::string_view text) const {
  return in_rows(tinted("! " + safe_text(text), kWarning), kBehindWarning);
}

std::string Painter::section(std::string_view title) const {
  return tinted(fmt::format("---- {} ----", title), kDim) + '\n';
}

std::string Painter::unread_mark() const { return section(kNewLines.in(style_.language)); }

std::string Painter::sections_before(WallTime time, bool replay) {
  if (!style_.sections) return {};
  std::string out;
  if (replay != in_replay_) {
    in_replay_ = replay;
    out += section(words(style_.language, in_replay_ ? Words::earlier : Words::now));
  }
  if (const std::string day = day_of(time); !day.empty() && day != day_) {
    // The first line of today needs no date.
    if (!day_.empty() || replay) out += section(day);
    day_ = day;
  }
  return out;
}

std::string Painter::name_in(const Line& line) {
  return safe_text(shown_name(line.name, line.text_member));
}

std::string Painter::other_person(const OtherPerson& other) const {
  const wire::Language language = style_.language;
  const std::string name = shown_name(other.name, !other.has_key);
  const std::string day = other.last_seen == WallTime{} ? "" : day_of(other.last_seen);
  std::string text =
      day.empty() ? filled(other.has_key ? kOtherKey : kHasNoKey, language, name)
                  : filled(other.has_key ? kOtherKeySince : kHasNoKeySince, language, name, day);
  if (other.others != 0) text += filled(kOthersToo, language, other.others);
  return warning(text);
}

std::string Painter::direct(const Line& line) const {
  const std::string name = safe_text(line.name);
  const std::string head =
      line.waited && !line.own
          ? filled(kDirectWaited, style_.language, name, minute_of(line.time))
          : words(style_.language, line.own ? Words::direct_to : Words::direct_from, name);
  return named(head, line) + ' ' + safe_text(line.text);
}

// The own name is bold, so that no colour is the user's and another member's. A text member has no
// colour: it never looks like a member with a key. In a line for the user the name is reversed.
std::string Painter::named(std::string_view text, const Line& line) const {
  // A line from before the join is dim as a whole.
  if (line.replay || style_.colors == Colors::none) return std::string{text};
  if (line.own) return tinted(text, kBold);
  const bool is_for_user = line.record == RecordKind::direct || is_mention(line);
  std::string sequence{is_for_user ? kReverse : std::string_view{}};
  if (!line.text_member) sequence += color_of(line.name, style_.colors);
  return tinted(text, sequence);
}

// A line from before the join is not marked as own: the user may have sent it in an earlier run.
bool Painter::is_mention(const Line& line) const {
  if (!is_room_message(line.record) || line.own || !mentions(line.text, name_)) return false;
  const bool may_be_own = line.replay && !line.text_member;
  return !may_be_own || wire::folded_name(line.name) != wire::folded_name(name_);
}

// Marks a line that the user looks for, so that it is found without colours, too.
std::string Painter::marked(std::string text, const Line& line) const {
  if (!style_.sections || (!is_mention(line) && !is_about(line, name_))) return text;
  const std::string mark = line.replay ? std::string{kMarkForUser} : tinted(kMarkForUser, kReverse);
  return mark + ' ' + text;
}

std::string Painter::spoken(const Line& line) const {
  const std::string name = name_in(line);
  const std::string text = safe_text(line.text);
  const bool action = line.record == RecordKind::action;
  return named(name + (action ? "" : ":"), line) + ' ' + text;
}

std::string Painter::body(const Line& line) const {
  const wire::Language language = style_.language;
  const std::string name = name_in(line);
  switch (line.record) {
    case RecordKind::say:
      return spoken(line);
    case RecordKind::action:
      return "* " + spoken(line);
    case RecordKind::direct:
      return direct(line);
    case RecordKind::announce:
      return tinted(words(language, Words::announcement, safe_text(line.text)), kAdmin);
    case RecordKind::join:
      // The own join is reported as Joined.
      if (line.own && !line.replay) return {};
      return tinted("-- " + words(language, Words::joined, name), kDim);
    case RecordKind::leave:
      return tinted("-- " + words(language, Words::left, name), kDim);
    case RecordKind::kick:
      return tinted(
          "-- " + (line.text.empty() ? words(language, Words::removed, name)
                                     : words(language, Words::removed_because, name,
                                             safe_text(removal_text(language, line.text)))),
          kDim);
    default:
      break;  // other records of a mailbox are other events
  }
  const std::string change = safe_text(change_text(language, line));
  if (change.empty()) return {};
  return !line.replay && is_about(line, name_) ? highlighted("-- " + change)
                                               : tinted("-- " + change, kDim);
}

std::string Painter::live_row(WallTime time, std::string_view text) {
  return sections_before(time, false) +
         in_rows(tinted(clock(time), kDim).append(text), kBehindClock);
}

std::string Painter::dated(const Line& line) {
  const bool has_room = line.record != RecordKind::direct;
  if (has_room && is_shown_removal(line)) return {};
  std::string text = body(line);
  if (text.empty()) return {};
  return with_time(line, std::move(text));
}

std::string Painter::presence(const Gathered& gathered) {
  const std::string text = safe_text(presence_text(style_.language, gathered.changes));
  if (text.empty()) return {};
  if (removal_ && removal_->room == gathered.room.name) removal_.reset();
  return with_time({.record = RecordKind::join,
                    .time = gathered.time,
                    .replay = gathered.replay,
                    .room = gathered.room},
                   tinted("-- " + text, kDim));
}

std::string Painter::with_time(const Line& line, std::string text) {
  const bool has_room = line.record != RecordKind::direct;
  if (has_room) text = marked(mark_of(line.room) + text, line);
  if (line.replay) {
    return sections_before(line.time, true) +
           in_rows(tinted(clock(line.time) + text, kDim), kBehindClock);
  }
  if (line.own && is_member_message(line.record)) text += tinted(kOwnMark, kDim);
  return live_row(line.time, text);
}

std::string Painter::waiting(const Waiting& waiting) const {
  const Circumstances where{.host = style_.host, .name = name_, .detail = waiting.text};
  return warning(
      filled(kTryingAgain, style_.language, explain(waiting.reason, where, style_.language)));
}

std::string Painter::paint(const Report& report) {
  const wire::Language language = style_.language;
  return std::visit(
      Overloaded{
          [&](const Line& line) { return dated(line); },
          [&](const FirstContact& contact) {
            return remark(contact.confirmed ? filled(kKeyKept, language, contact.file)
                                            : words(language, Words::first_contact, style_.host,
                                                    contact.fingerprint, contact.file));
          },
          [&](const Notice& notice) { return warning(notice.text); },
          [&](const Waiting& one) { return waiting(one); },
          [&](const MissedHere& missed) {
            return warning(words(language, Words::terminal_missed, missed.lines));
          },
          [&](const Missed& missed) {
            const Words what = missed.new_history ? Words::new_history : Words::room_lost_lines;
            return warning(mark_of(missed.room).append(words(language, what)));
          },
          [&](const RoomJoined& joined) { return joined_room(joined); },
          [&](const RoomLeft& left) { return left_room(left); },
          [&](const RoomInvited& one) { return invited(one); },
          [&](const OtherPerson& other) { return other_person(other); },
          [&](const OtherProgram& other) { return other_program(other); },
          [&](const MemberAbout& about) { return member(about); },
          [&](const MemberAway& one) { return away(one); },
          [&](const MemberBack& /*event*/) { return back(); },
          [](const auto& /*not_shown*/) { return std::string{}; },
      },
      report);
}

std::string Painter::users(std::string_view list, std::size_t columns) const {
  std::vector<std::string> cells;
  std::size_t widest = 0;
  std::size_t text_members = 0;
  while (!list.empty()) {
    const UserRow user = take_user(list);
    if (user.name.empty()) continue;
    std::string cell = safe_text(user_text(style_.language, user));
    text_members += user.is_text ? 1 : 0;
    widest = std::max(widest, wire::display_width(cell));
    cells.push_back(std::move(cell));
  }
  std::ranges::sort(cells);
  constexpr std::size_t kGap = 2;
  const std::size_t across = std::max<std::size_t>(1, (columns + kGap - 1) / (widest + kGap));
  std::string out = remark(
      text_members == 0 ? filled(kUsersHere, style_.language, cells.size())
                        : filled(kUsersHereText, style_.language, cells.size(), text_members));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool ends = (i + 1) % across == 0 || i + 1 == cells.size();
    out += cells[i];
    out += ends ? "\n" : std::string(widest + kGap - wire::display_width(cells[i]), ' ');
  }
  return out;
}

// The help of a long command, and in a narrow window of each, is in the next line.
namespace {

std::string_view help_title(wire::Language language, HelpPart part) {
  if (part == HelpPart::owners) return words(language, TypedWords::help_of_owners);
  if (part == HelpPart::lines) return words(language, TypedWords::help_of_lines);
  if (part == HelpPart::users) return words(language, TypedWords::help_of_users);
  return words(language, Words::help_title);
}

// `text` with `to` in each place of `from`.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out{text};
  for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size())) {
    out.replace(at, from.size(), to);
  }
  return out;
}

}  // namespace

std::string Painter::help(std::size_t columns, HelpPart part) const {
  constexpr std::size_t kUsage = 26;
  constexpr std::size_t kHelp = 3 + kUsage + 1;
  constexpr std::size_t kNarrowHelp = 6;
  constexpr std::size_t kNarrow = 80;
  std::string out = remark(help_title(style_.language, part));
  for (const CommandRow& row : kCommands) {
    if (row.part != part) continue;
    const std::string usage = usage_of(row);
    const std::string help = help_of(row, style_.language);
    // A long list of alternatives is also divided behind a '|'.
    const std::string usage_rows =
        replaced(in_rows("   " + replaced(usage, "|", "| "), kNarrowHelp), "| ", "|");
    if (columns < kNarrow) {
      out += usage_rows + in_rows(fmt::format("      {}", help), kNarrowHelp);
    } else if (usage.size() > kUsage) {
      out += usage_rows + in_rows(fmt::format("{:{}}{}", "", kHelp, help), kHelp);
    } else {
      out += in_rows(fmt::format("   {:<{}} {}", usage, kUsage, help), kHelp);
    }
  }
  return part == HelpPart::usual ? out + remark(words(style_.language, Words::help_foot)) : out;
}

}  // namespace chatd::client
