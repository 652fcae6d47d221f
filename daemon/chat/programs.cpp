// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/programs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/chat/presence.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

std::vector<Slot> programs_from(const Roster& roster, Slot first) {
  std::vector<Slot> programs;
  for (std::optional<Slot> program = first; program; program = roster.next_program(*program)) {
    programs.push_back(*program);
  }
  return programs;
}

}  // namespace

std::optional<Slot> next_member(const Sessions& sessions, Slot from) {
  const Roster& roster = sessions.roster();
  auto slot = roster.next_listed(from);
  while (slot && roster.first(*slot) != *slot) slot = roster.next_listed(Slot{*slot + 1});
  return slot;
}

std::vector<Slot> programs_of(const Sessions& sessions, Slot member) {
  return programs_from(sessions.roster(), sessions.roster().first(member));
}

// A session that was removed is in no list any more, but its slot has its name and its person.
std::vector<Slot> other_programs(const Sessions& sessions, Slot session) {
  const Roster& roster = sessions.roster();
  if (!sessions.is_member(session)) {
    const auto first = sessions.find_name(sessions.name(session));
    if (!first || sessions.person(*first) != sessions.person(session)) return {};
    return programs_from(roster, *first);
  }
  if (roster.is_alone(session)) return {};
  std::vector<Slot> programs = programs_from(roster, roster.first(session));
  std::erase(programs, session);
  return programs;
}

bool is_away(const Sessions& sessions, Slot member) {
  if (said_away(sessions, member) != nullptr) return true;
  const Roster& roster = sessions.roster();
  std::optional<Slot> program = roster.first(member);
  while (program && sessions.is_away(*program)) program = roster.next_program(*program);
  return !program;
}

// --- direct messages and notices -----------------------------------------------------

void Programs::notify(Slot session, const IpAddress& from, WallTime time) {
  const std::string own = to_text(from);
  for (const Slot program : other_programs(sessions_, session)) {
    (void)mailboxes_.deliver_program(program, notice_of(session, own, time));
    state::crash_point();
    const std::string other = address_of(program);
    (void)mailboxes_.deliver_program(session, notice_of(program, other, time));
    state::crash_point();
  }
}

std::string Programs::address_of(Slot session) const {
  return to_text(sessions_.where(session).address);
}

logs::Entry Programs::notice_of(Slot session, std::string_view address, WallTime time) const {
  return {.kind = RecordKind::program,
          .sender = sessions_.sender(session),
          .name = {},
          .text = address,
          .time = time};
}

bool Programs::deliver(const logs::Entry& message, Slot to) {
  bool is_taken = false;
  for (const Slot program : programs_of(sessions_, to)) {
    is_taken |= mailboxes_.deliver_from_other(program, message);
    state::crash_point();
  }
  if (!is_taken) return false;
  for (const Slot program : programs_to_tell(message, to)) {
    (void)mailboxes_.deliver_from_other(program, sent_of(message, to));
    state::crash_point();
  }
  return true;
}

void Programs::tell_sent(const logs::Entry& sent) {
  for (const Slot program : other_programs(sessions_, sent.sender->slot)) {
    (void)mailboxes_.deliver_from_other(program, sent);
    state::crash_point();
  }
}

// A member that writes to itself has got the message already.
std::vector<Slot> Programs::programs_to_tell(const logs::Entry& message, Slot to) const {
  const Roster& roster = sessions_.roster();
  if (!message.sender || roster.first(message.sender->slot) == roster.first(to)) return {};
  return other_programs(sessions_, message.sender->slot);
}

logs::Entry Programs::sent_of(const logs::Entry& message, Slot to) const {
  logs::Entry sent = message;
  sent.kind = RecordKind::sent;
  sent.name = sessions_.name(to);
  return sent;
}

// --- the list ------------------------------------------------------------------------

std::optional<Slot> Programs::find(Slot session, std::uint32_t number) const {
  const auto others = other_programs(sessions_, session);
  const auto found = std::ranges::find(others, Slot{number});
  if (found == others.end()) return std::nullopt;
  return *found;
}

std::size_t Programs::write(Slot session, std::span<char> out, MonoTime now) const {
  std::size_t used = 0;
  for (const Slot program : programs_of(sessions_, session)) {
    const state::SessionSlot& slot = sessions_.session(program);
    // A program that took a session over is younger than the session. 0: of a snapshot from before
    // this was stored.
    const std::int64_t login = sessions_.native(program).client_since;
    const auto since =
        std::chrono::floor<std::chrono::seconds>(Micros{login == 0 ? slot.joined_wall : login});
    const auto silent =
        std::chrono::floor<std::chrono::seconds>(now.time_since_epoch() - Micros{slot.last_heard});
    const std::string line = fmt::format(
        "{}{}\t{}\t{}\t{}{}", used == 0 ? "" : "\n", static_cast<std::uint32_t>(program),
        to_text(sessions_.where(program).address), since.count(),
        std::max<std::int64_t>(silent.count(), 0), program == session ? "\tthis" : "");
    if (used + line.size() > out.size()) break;
    used += line.copy(out.data() + used, line.size());
  }
  return used;
}

// --- adoption ------------------------------------------------------------------------

void Programs::adopt(std::span<const Slot> joining, WallTime time) {
  for (const Slot session : joining) {
    if (!sessions_.is_member(session)) continue;
    const std::string own = address_of(session);
    for (const Slot program : other_programs(sessions_, session)) {
      deliver_once(program, notice_of(session, own, time));
      const std::string other = address_of(program);
      deliver_once(session, notice_of(program, other, time));
    }
  }
}

void Programs::finish(const logs::Entry& message, Slot to) {
  for (const Slot program : programs_of(sessions_, to)) deliver_once(program, message);
  for (const Slot program : programs_to_tell(message, to)) {
    deliver_once(program, sent_of(message, to));
  }
}

void Programs::finish_sent(const logs::Entry& sent) {
  for (const Slot program : other_programs(sessions_, sent.sender->slot)) {
    deliver_once(program, sent);
  }
}

bool Programs::has(Slot session, const logs::Entry& entry) const {
  bool is_there = false;
  logs::RecordBuffer buffer;
  logs::for_each_record(
      state_.mailbox_log(session), buffer, [&](const wire::RecordView& record, logs::Offset at) {
        is_there |= record.header.kind == entry.kind &&
                    logs::sender_of(record.header) == entry.sender &&
                    mailboxes_.command_of(session, record.header, at) == entry.uplink_offset;
      });
  return is_there;
}

// Without space the program misses the record.
void Programs::deliver_once(Slot session, const logs::Entry& entry) {
  if (!has(session, entry)) {
    (void)(entry.kind == RecordKind::program ? mailboxes_.deliver_program(session, entry)
                                             : mailboxes_.deliver_from_other(session, entry));
  }
  state::crash_point();
}

}  // namespace chatd::chat
