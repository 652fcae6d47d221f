// SPDX-License-Identifier: GPL-3.0-or-later
// programs.hpp — the programs of a member: sessions with the same key and the same name. The first
// one stands for the member in lists and counts.
//
// Runs in:   gateway.
// Borrows:   the Sessions and the Mailboxes.
// Pure:      no descriptor, no clock, no log.
// Invariant: a direct message is delivered once to each program that has space for it, also if the
//            gateway is killed at any step: adopt() finishes what a predecessor began.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

// The first session of the first member that has it in a slot from `from` on.
[[nodiscard]] std::optional<Slot> next_member(const Sessions& sessions, Slot from);
// All sessions of the member that has this one.
[[nodiscard]] std::vector<Slot> programs_of(const Sessions& sessions, Slot member);
// The other sessions of the member that has this one, or had it until it was removed.
[[nodiscard]] std::vector<Slot> other_programs(const Sessions& sessions, Slot session);
// True: the member has said so, or each of its programs is away.
[[nodiscard]] bool is_away(const Sessions& sessions, Slot member);

class Programs {
 public:
  Programs(const state::StateView& state, Sessions& sessions, Mailboxes& mailboxes)
      : state_{state}, sessions_{sessions}, mailboxes_{mailboxes} {}

  // Notifies the other programs of the member: a login from that address has this session. The
  // session is notified of each of them, which may be that of somebody else who has the key. A
  // program with many unread notices is not notified.
  // To be called before the client of a login that takes the session over is stored: a gateway that
  // is killed in between loses no notice. For a new session adopt() delivers what is missing.
  void notify(Slot session, const IpAddress& from, WallTime time);
  // Delivers a direct message to all programs of `to`, and a record `sent` to the other programs of
  // its sender. False: no program of `to` has space for it.
  bool deliver(const logs::Entry& message, Slot to);
  // A message of the sender waits for a member that is not in: its other programs get this record
  // `sent`.
  void tell_sent(const logs::Entry& sent);
  // The member's other program of that number.
  [[nodiscard]] std::optional<Slot> find(Slot session, std::uint32_t number) const;
  // Writes a line for each program of the member, as in a record `programs`. Returns the number of
  // bytes. 2000 are enough.
  [[nodiscard]] std::size_t write(Slot session, std::span<char> out, MonoTime now) const;

  // After Sessions::adopt(). `joining`: sessions whose login a predecessor has not finished.
  void adopt(std::span<const Slot> joining, WallTime time);
  // The direct message in the mailbox of `to` was being delivered when the predecessor was killed.
  void finish(const logs::Entry& message, Slot to);
  // The same of tell_sent().
  void finish_sent(const logs::Entry& sent);
  // The mailbox has the record of that kind, of that command.
  [[nodiscard]] bool has(Slot session, const logs::Entry& entry) const;

 private:
  // The programs of the sender that get a record `sent`, and that record.
  [[nodiscard]] std::vector<Slot> programs_to_tell(const logs::Entry& message, Slot to) const;
  [[nodiscard]] logs::Entry sent_of(const logs::Entry& message, Slot to) const;
  [[nodiscard]] std::string address_of(Slot session) const;
  [[nodiscard]] logs::Entry notice_of(Slot session, std::string_view address, WallTime time) const;
  void deliver_once(Slot session, const logs::Entry& entry);

  const state::StateView& state_;
  Sessions& sessions_;
  Mailboxes& mailboxes_;
};

}  // namespace chatd::chat
