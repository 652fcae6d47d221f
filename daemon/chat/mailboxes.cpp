// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"

namespace chatd::chat {

using wire::RecordKind;

namespace {

// Records that another session than the mailbox's can cause. The offsets in all others are those of
// the session's own commands.
bool is_masked(RecordKind kind) { return kind == RecordKind::direct || kind == RecordKind::sent; }

// Records that other members cause, and that the mailbox's member has not asked for.
bool is_unasked(RecordKind kind) {
  return kind == RecordKind::direct || kind == RecordKind::invited;
}

// The most bytes that unread records of that sort take of a mailbox. The rest is for the answers to
// the member's own commands.
struct Shares {
  std::size_t of_person;
  std::size_t of_network;  // of keys that are free: they are not so many persons
  std::size_t of_all;
};
constexpr std::size_t kEighth = state::kMailboxBytes / 8;
constexpr Shares kOfAway{
    .of_person = 2 * kEighth, .of_network = 3 * kEighth, .of_all = 4 * kEighth};
// A member that is not away reads what arrives within a round trip: what is unread is a burst, such
// as twenty lines that were pasted.
constexpr Shares kOfPresent{
    .of_person = 4 * kEighth, .of_network = 5 * kEighth, .of_all = 6 * kEighth};
// The longest direct message fits.
static_assert(kOfAway.of_person >=
              sizeof(wire::RecordHeader) + wire::kMaxNameBytes + wire::kMaxMessageBytes + 7);

}  // namespace

bool Mailboxes::append(Slot session, const logs::Entry& entry) {
  state::Mailbox mailbox{state_, session};
  logs::Entry masked = entry;
  // A message that has waited has no session, and its number is no offset.
  const bool has_session = entry.sender && entry.sender->slot != Slot{wire::kNobody};
  if (is_masked(entry.kind) && has_session) {
    masked.uplink_offset =
        masks_.in_mailbox(*entry.sender, session, mailbox.tail(), entry.uplink_offset);
  }
  logs::Sequence number{};
  if (is_unasked(entry.kind)) {
    number = origins_.number(origins_.of(entry.sender), session, mailbox.tail());
  }
  const bool is_taken = mailbox.append(masked, number);
  if (is_taken) ++delivered_;
  return is_taken;
}

std::uint64_t Mailboxes::command_of(Slot session, const wire::RecordHeader& header,
                                    logs::Offset at) const {
  const auto sender = logs::sender_of(header);
  if (!is_masked(header.kind) || !sender) return header.uplink_offset;
  return masks_.in_mailbox(*sender, session, at, header.uplink_offset);
}

bool Mailboxes::takes_from_other(Slot session, const logs::Entry& entry) {
  constexpr std::size_t kProgramBytes = 128;  // of a record `program` with the longest address
  if (is_unasked(entry.kind) && !is_in_shares(session, entry)) return false;
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = mailbox.rooms() * state::kLeftBytes + kProgramBytes;
  return mailbox.has_space(logs::record_size(entry) + kept);
}

bool Mailboxes::deliver_from_other(Slot session, const logs::Entry& entry) {
  return takes_from_other(session, entry) && append(session, entry);
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

bool Mailboxes::is_in_shares(Slot session, const logs::Entry& entry) {
  const state::Mailbox mailbox{state_, session};
  const bool is_away = state_.native_slots()[session].away_since != 0;
  const Shares& most = is_away ? kOfAway : kOfPresent;
  const std::size_t size = logs::record_size(entry);
  const std::size_t all =
      size + mailbox.unread(RecordKind::direct) + mailbox.unread(RecordKind::invited);
  if (all <= most.of_person) return true;  // without reading who sent them
  if (all > most.of_all) return false;
  const Origin own = origins_.of(entry.sender);
  std::size_t person = size;
  std::size_t network = own.network == 0 ? 0 : size;
  const bool is_possible =
      mailbox.for_each_unread([&](const wire::RecordHeader& header, logs::Offset at) {
        if (!is_unasked(header.kind)) return;
        const Origin other = origins_.read(header.sequence, session, at);
        if (other.person == own.person) person += header.size;
        if (own.network != 0 && other.network == own.network) network += header.size;
      });
  return is_possible && person <= most.of_person && network <= most.of_network;
}

bool Mailboxes::has_space(Slot session, const logs::Entry& entry,
                          std::size_t rooms) const noexcept {
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = (mailbox.rooms() + rooms) * state::kLeftBytes;
  return mailbox.has_space(logs::record_size(entry) + kept);
}

}  // namespace chatd::chat
