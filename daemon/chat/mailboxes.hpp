// SPDX-License-Identifier: GPL-3.0-or-later
// mailboxes.hpp — the mailboxes of all native sessions: records for one member only.
//
// Runs in:   gateway, the only writer.
// Borrows:   the StateView and the CommandMasks.
// Invariant: as of state::Mailbox: a record that the member has not acknowledged is kept, and each
//            further room that a session is in has space for a record `left`.
#pragma once

#include "daemon/chat/command_masks.hpp"
#include "daemon/chat/origins.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/mailbox.hpp"

namespace chatd::chat {

using state::kMaxReasonBytes;

class Mailboxes {
 public:
  Mailboxes(const state::StateView& state, CommandMasks& masks, const Persons& persons)
      : state_{state}, masks_{masks}, origins_{state, persons} {}

  // Appends the record. False: there is no space until the member acknowledges. Does not allocate.
  [[nodiscard]] bool deliver(Slot session, const logs::Entry& entry) {
    return has_space(session, entry) && append(session, entry);
  }
  // The same for a record that another member causes, and that one's other programs get. It leaves
  // space for a record `program`, so that nobody can log in with the member's key unnoticed by
  // filling its mailbox before. Direct messages and invitations that the member has not asked for
  // have shares: nobody can fill the mailbox, and there is space for the answers to its own
  // commands.
  [[nodiscard]] bool deliver_from_other(Slot session, const logs::Entry& entry);
  // True: deliver_from_other() will take the record.
  [[nodiscard]] bool takes_from_other(Slot session, const logs::Entry& entry);
  // Appends a record `invited`, as above, or `program`. Unread records of this kind take at most a
  // quarter of a mailbox, so that repeated invitations or logins leave space for other records.
  // False: the record is not appended.
  [[nodiscard]] bool deliver_invited(Slot session, const logs::Entry& entry);
  // A quarter has space for 11 records `program` with an IPv6 address, of 88 bytes each. A login is
  // notified of each other program; so limits.programs_per_person is at most 12.
  [[nodiscard]] bool deliver_program(Slot session, const logs::Entry& entry);
  // True: the next record of that size will be taken. `rooms`: the number of rooms that
  // the session enters before.
  [[nodiscard]] bool has_space(Slot session, const logs::Entry& entry,
                               std::size_t rooms = 0) const noexcept;

  // Appends a record `left`, see state::Mailbox::append_left(). True: it was appended. There is
  // space for the first such record of a subscription that is still in use.
  bool deliver_left(Slot session, const state::Left& left) {
    state::Mailbox mailbox{state_, session};
    const bool is_taken = mailbox.append_left(left, mailbox.rooms(left.room.stream));
    if (is_taken) ++delivered_;
    return is_taken;
  }

  // Where the command of a record ends in its sender's stream; the record begins at `at` in the
  // mailbox. Its sender is a session of now. 0: no command.
  [[nodiscard]] std::uint64_t command_of(Slot session, const wire::RecordHeader& header,
                                         logs::Offset at) const;

  // The bytes of the member's unread records of one kind.
  [[nodiscard]] std::size_t unread(Slot session, state::RecordKind kind) const noexcept {
    return state::Mailbox{state_, session}.unread(kind);
  }
  // The number of records that were appended to all mailboxes.
  [[nodiscard]] std::uint64_t delivered() const noexcept { return delivered_; }
  [[nodiscard]] state::Offset tail(Slot session) const noexcept {
    return state::Mailbox{state_, session}.tail();
  }
  // See state::Mailbox::last_boundary().
  [[nodiscard]] state::Offset last_boundary(Slot session, std::uint64_t offset) const noexcept {
    return state::Mailbox{state_, session}.last_boundary(offset);
  }

 private:
  // True: the record keeps unread records of its kind within a quarter of the mailbox.
  [[nodiscard]] bool is_in_quarter(Slot session, const logs::Entry& entry) const noexcept;
  // True: the record keeps the unread records that were not asked for within the shares of its
  // sender, of the sender's network and of all together.
  [[nodiscard]] bool is_in_shares(Slot session, const logs::Entry& entry);
  bool append(Slot session, const logs::Entry& entry);

  const state::StateView& state_;
  CommandMasks& masks_;
  Origins origins_;
  std::uint64_t delivered_{0};
};

}  // namespace chatd::chat
