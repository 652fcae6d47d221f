// SPDX-License-Identifier: GPL-3.0-or-later
// said_lines.hpp — the lines that a room's log has: finds them, and erases their text.
//
// Runs in:   gateway. The records in front of a line are passed over by their headers;
// for_each_said()
//            reads all texts of the log.
// Invariant: an erased line keeps its place, its size and its number; its text is blanks, and it is
//            no line any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/wire/native/record_text.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/log/log_writer.hpp"
#include "daemon/log/record.hpp"

namespace chatd::chat {

// Is it a line that somebody has written in a room, and that is not erased?
[[nodiscard]] constexpr bool is_said(const wire::RecordView& record) noexcept {
  using enum wire::RecordKind;
  const wire::RecordKind kind = record.header.kind;
  const bool is_line = kind == say || kind == action || kind == announce || kind == topic;
  return is_line && !wire::is_erased(record);
}

// Calls take(record, where it begins) for each line, the oldest one first.
template <class Take>
void for_each_said(const logs::LogMemory& log, Take take) {
  logs::RecordBuffer buffer;
  logs::for_each_record(log, buffer, [&](const wire::RecordView& record, logs::Offset at) {
    if (is_said(record)) take(record, at);
  });
}

// Erases the text of these lines.
void blank_lines(const logs::LogMemory& log, const wire::ErasedLines& lines);

// A line of a session, and the person that had it.
struct SaidLine {
  std::uint64_t number{0};
  WallTime at;
  std::optional<logs::Sender> sender;  // nullopt: the administrator
  std::uint64_t person{0};             // 0: not known
  std::string name;                    // as it is in the line
};
struct SaidLines {
  std::optional<SaidLine> line;         // nullopt: there is no such line in memory
  std::optional<std::uint64_t> oldest;  // the first number in memory; nullopt: no record is there
};
// The line with this number.
[[nodiscard]] SaidLines find_said(const logs::LogMemory& log, std::uint64_t number);
// The last message of a session or, if it has none, of its person.
[[nodiscard]] SaidLines find_last_of(const logs::LogMemory& log, const logs::Sender& sender,
                                     std::uint64_t person);

}  // namespace chatd::chat
