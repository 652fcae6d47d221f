// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/said_lines.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/name.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/log/record_headers.hpp"

namespace chatd::chat {

namespace {

using SessionKey = std::pair<std::uint32_t, std::uint64_t>;  // slot and generation

SaidLine line_of(const wire::RecordView& record, std::uint64_t person) {
  return {.number = record.header.sequence,
          .at = WallTime{Micros{record.header.wall_time}},
          .sender = logs::sender_of(record.header),
          .person = person,
          .name = std::string{record.name}};
}

SessionKey session_of(const wire::RecordHeader& header) {
  return {header.sender_slot, header.sender_generation};
}

// `sessions`: those of the person so far.
void note_person(std::set<SessionKey>& sessions, const wire::RecordHeader& header,
                 std::uint64_t person) {
  if (!wire::has_person(header.kind)) return;
  if (person != 0 && header.uplink_offset == person) {
    sessions.insert(session_of(header));
  } else {
    sessions.erase(session_of(header));
  }
}

// nullopt: no record can begin there.
std::optional<wire::RecordView> record_at(const logs::LogMemory& log, logs::RecordBuffer& buffer,
                                          logs::Offset at) {
  logs::LogFollower follower{log, buffer, at};
  wire::RecordView record{};
  const bool is_record = follower.next(record) == logs::LogFollower::Status::record;
  return is_record ? std::optional{record} : std::nullopt;
}

}  // namespace

// The numbers of records grow, so that records in front of the lines are passed over by their
// headers.
void blank_lines(const logs::LogMemory& log, const wire::ErasedLines& lines) {
  const std::string author = wire::folded_name(lines.author);
  logs::LogWriter writer{log, logs::WhenFull::overwrite_oldest};
  logs::RecordBuffer buffer;
  logs::for_each_header(log, [&](const wire::RecordHeader& header, logs::Offset at) {
    if (header.sequence > lines.last) return false;
    if (header.sequence < lines.first) return true;
    const auto record = record_at(log, buffer, at);
    if (!record || !is_said(*record)) return true;
    if (!author.empty() && wire::folded_name(record->name) != author) return true;
    writer.blank_text(at, header);
    logs::crash_point();
    return true;
  });
}

// The person of the session is looked for by the headers up to the line.
SaidLines find_said(const logs::LogMemory& log, std::uint64_t number) {
  SaidLines found;
  std::optional<logs::Offset> place;
  logs::for_each_header(log, [&](const wire::RecordHeader& header, logs::Offset at) {
    if (!found.oldest) found.oldest = header.sequence;
    if (header.sequence == number) place = at;
    return header.sequence < number;
  });
  logs::RecordBuffer buffer;
  const auto record = place ? record_at(log, buffer, *place) : std::nullopt;
  if (!record || !is_said(*record)) return found;
  std::uint64_t person = 0;
  logs::for_each_header(log, [&](const wire::RecordHeader& header, logs::Offset at) {
    if (wire::has_person(header.kind) && session_of(header) == session_of(record->header)) {
      person = header.uplink_offset;
    }
    return at < *place;
  });
  found.line = line_of(*record, person);
  return found;
}

// Sessions are those of the person by their join, or by the record before a message.
SaidLines find_last_of(const logs::LogMemory& log, const logs::Sender& sender,
                       std::uint64_t person) {
  SaidLines found;
  std::set<SessionKey> sessions;
  std::vector<logs::Offset> messages;  // that the session or its person has written
  logs::for_each_header(log, [&](const wire::RecordHeader& header, logs::Offset at) {
    if (!found.oldest) found.oldest = header.sequence;
    note_person(sessions, header, person);
    const bool is_message =
        header.kind == wire::RecordKind::say || header.kind == wire::RecordKind::action;
    const bool is_own = logs::sender_of(header) == sender || sessions.contains(session_of(header));
    if (is_message && is_own) messages.push_back(at);
    return true;
  });
  logs::RecordBuffer buffer;
  while (!messages.empty() && !found.line) {
    const auto record = record_at(log, buffer, messages.back());
    if (record && is_said(*record)) {
      const bool is_of_person = sessions.contains(session_of(record->header));
      found.line = line_of(*record, is_of_person ? person : 0);
    }
    messages.pop_back();
  }
  return found;
}

}  // namespace chatd::chat
