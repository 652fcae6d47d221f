// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

namespace chatd::chat {

using wire::RecordKind;

namespace {

// Records that another session than the mailbox's can cause. The offsets in all others are those of
// the session's own commands.
bool is_masked(RecordKind kind) { return kind == RecordKind::letter || kind == RecordKind::sent; }

}  // namespace

bool Mailboxes::append(Slot session, const logs::Entry& entry) {
  state::Mailbox mailbox{state_, session};
  logs::Entry masked = entry;
  if (is_masked(entry.kind) && entry.sender) {
    masked.uplink_offset =
        masks_.in_mailbox(*entry.sender, session, mailbox.tail(), entry.uplink_offset);
  }
  const bool is_taken = mailbox.append(masked);
  if (is_taken) ++delivered_;
  return is_taken;
}

std::uint64_t Mailboxes::command_of(Slot session, const wire::RecordHeader& header,
                                    logs::Offset at) const {
  const auto sender = logs::sender_of(header);
  if (!is_masked(header.kind) || !sender) return header.uplink_offset;
  return masks_.in_mailbox(*sender, session, at, header.uplink_offset);
}

bool Mailboxes::deliver_from_other(Slot session, const logs::Entry& entry) {
  constexpr std::size_t kProgramBytes = 128;  // of a record `program` with the longest address
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = mailbox.rooms() * state::kLeftBytes + kProgramBytes;
  return mailbox.has_space(logs::record_size(entry) + kept) && append(session, entry);
}

bool Mailboxes::deliver_invited(Slot session, const logs::Entry& entry) {
  return is_in_quarter(session, entry) && deliver_from_other(session, entry);
}

bool Mailboxes::deliver_program(Slot session, const logs::Entry& entry) {
  return is_in_quarter(session, entry) && deliver(session, entry);
}

bool Mailboxes::is_in_quarter(Slot session, const logs::Entry& entry) const noexcept {
  constexpr std::size_t kAtMost = state::kMailboxBytes / 4;
  const std::size_t unread = state::Mailbox{state_, session}.unread(entry.kind);
  return unread + logs::record_size(entry) <= kAtMost;
}

bool Mailboxes::has_space(Slot session, const logs::Entry& entry,
                          std::size_t rooms) const noexcept {
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = (mailbox.rooms() + rooms) * state::kLeftBytes;
  return mailbox.has_space(logs::record_size(entry) + kept);
}

}  // namespace chatd::chat
