// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/line_erasure.hpp"

#include <array>
#include <string_view>

#include "common/wire/name.hpp"

namespace chatd::chat {

// --- members -------------------------------------------------------------------------

std::expected<LineErasure::Taken, wire::Reason> LineErasure::take_back(
    const By& by, const Where& room, std::optional<std::uint64_t> number) {
  const Slot member = by.member.value();
  const auto found = number ? find_said(log_of(room), *number)
                            : find_last_of(log_of(room), sessions_.sender(member),
                                           static_cast<std::uint64_t>(sessions_.person(member)));
  if (!number && found.line) number = found.line->number;
  if (!number) return std::unexpected{wire::Reason::no_such_line};
  if (const auto reason = reason_not_to(by, room, found, *number)) {
    return std::unexpected{*reason};
  }
  post(by, room, {.first = *number, .last = *number, .author = {}});
  return Taken{.number = *number,
               .is_own = is_own(member, found),
               .author = found.line ? found.line->name : std::string{}};
}

bool LineErasure::is_own(Slot member, const SaidLines& found) const {
  if (!found.line) return false;
  const auto person = static_cast<std::uint64_t>(sessions_.person(member));
  return found.line->sender == sessions_.sender(member) ||
         (found.line->person != 0 && found.line->person == person);
}

std::optional<wire::Reason> LineErasure::reason_not_to(const By& by, const Where& room,
                                                       const SaidLines& found,
                                                       std::uint64_t number) const {
  const Slot member = by.member.value();
  const bool may_erase_all = rights_.role(member, room, by.now.wall) >= RoomRights::kErasesLines;
  if (!found.line) {
    // A line that was overwritten in memory: the archive may have it.
    const bool is_older = found.oldest && number < *found.oldest;
    if (!is_older) return wire::Reason::no_such_line;
    return may_erase_all ? std::nullopt : std::optional{wire::Reason::line_too_old};
  }
  if (may_erase_all) return std::nullopt;
  if (!is_own(member, found)) return wire::Reason::not_your_line;
  const bool is_too_old = by.now.wall - found.line->at > RoomRights::kOwnLineTime;
  return is_too_old ? std::optional{wire::Reason::line_too_old} : std::nullopt;
}

void LineErasure::post(const By& by, const Where& room, const wire::ErasedLines& lines) {
  std::array<std::byte, wire::encoded_bytes(wire::ErasedLines{}) + state::kMaxNameBytes> bytes{};
  wire::ByteWriter out{bytes};
  wire::encode(out, lines);
  (void)changes_.carry_out(by, room, state::RecordKind::erased,
                           {reinterpret_cast<const char*>(bytes.data()), out.written().size()});
}

// --- the administrator -----------------------------------------------------------------

LineErasure::Found LineErasure::find(const Where& room, const Selection& selection) const {
  Found found;
  const std::string author = wire::folded_name(selection.author);
  bool goes_on = false;  // the last line of the author is selected, too
  const auto look_at = [&](std::uint64_t number, std::string_view name, WallTime at) {
    if (!author.empty() && wire::folded_name(name) != author) return;
    const bool is_selected = !selection.before || at < *selection.before;
    if (is_selected) {
      ++found.lines;
      if (!goes_on) found.ranges.push_back({.first = number, .last = number, .author = {}});
      if (!author.empty()) found.author = name;
      found.ranges.back().last = number;
    }
    goes_on = is_selected;
  };
  if (selection.number) {
    const auto line = find_said(log_of(room), *selection.number).line;
    if (line) look_at(line->number, line->name, line->at);
    return found;
  }
  for_each_said(log_of(room), [&](const wire::RecordView& record, logs::Offset /*at*/) {
    look_at(record.header.sequence, record.name, WallTime{Micros{record.header.wall_time}});
  });
  return found;
}

std::uint64_t LineErasure::count(const Where& room, const Selection& selection) const {
  return find(room, selection).lines;
}

std::uint64_t LineErasure::erase(const Where& room, const Selection& selection, Now now) {
  const Found found = find(room, selection);
  const By by{.member = std::nullopt, .end = 0, .now = now};
  for (wire::ErasedLines lines : found.ranges) {
    lines.author = found.author;
    post(by, room, lines);
  }
  return found.lines;
}

}  // namespace chatd::chat
