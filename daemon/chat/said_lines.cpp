// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/said_lines.hpp"

#include <string>

#include "common/wire/name.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::chat {

namespace {

using SessionKey = std::pair<std::uint32_t, std::uint64_t>;  // slot and generation

// Reads the log, and calls take(record, person) for each line. A person is known by the join of its
// session, or by the record before its message, if the log has it.
template <class Take>
SaidLines read_lines(const logs::LogMemory& log, Take take) {
  SaidLines found;
  std::map<SessionKey, std::uint64_t> persons;
  logs::RecordBuffer buffer;
  logs::for_each_record(log, buffer, [&](const wire::RecordView& record, logs::Offset /*at*/) {
    const wire::RecordHeader& header = record.header;
    if (!found.oldest) found.oldest = header.sequence;
    found.newest = header.sequence;
    const SessionKey session{header.sender_slot, header.sender_generation};
    if (wire::has_person(header.kind)) persons[session] = header.uplink_offset;
    if (!is_said(record)) return;
    const auto person = persons.find(session);
    take(record, person == persons.end() ? 0 : person->second);
  });
  return found;
}

SaidLine line_of(const wire::RecordView& record, std::uint64_t person) {
  return {.number = record.header.sequence,
          .at = WallTime{Micros{record.header.wall_time}},
          .sender = logs::sender_of(record.header),
          .person = person,
          .name = std::string{record.name}};
}

}  // namespace

void blank_lines(const logs::LogMemory& log, const wire::ErasedLines& lines) {
  const std::string author = wire::folded_name(lines.author);
  logs::LogWriter writer{log, logs::WhenFull::overwrite_oldest};
  for_each_said(log, [&](const wire::RecordView& record, logs::Offset at) {
    const std::uint64_t number = record.header.sequence;
    if (number < lines.first || number > lines.last) return;
    if (!author.empty() && wire::folded_name(record.name) != author) return;
    writer.blank_text(at, record.header);
    logs::crash_point();
  });
}

SaidLines find_said(const logs::LogMemory& log, std::uint64_t number) {
  std::optional<SaidLine> line;
  SaidLines found = read_lines(log, [&](const wire::RecordView& record, std::uint64_t person) {
    if (record.header.sequence == number) line = line_of(record, person);
  });
  found.line = line;
  return found;
}

SaidLines find_last_of(const logs::LogMemory& log, const logs::Sender& sender,
                       std::uint64_t person) {
  std::optional<SaidLine> line;
  SaidLines found = read_lines(log, [&](const wire::RecordView& record, std::uint64_t said_by) {
    const bool is_message = record.header.kind == wire::RecordKind::say ||
                            record.header.kind == wire::RecordKind::action;
    const bool is_own =
        logs::sender_of(record.header) == sender || (person != 0 && said_by == person);
    if (is_message && is_own) line = line_of(record, said_by);
  });
  found.line = line;
  return found;
}

}  // namespace chatd::chat
