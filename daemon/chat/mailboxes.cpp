// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

namespace chatd::chat {

bool Mailboxes::deliver_invited(Slot session, const logs::Entry& entry) {
  constexpr std::size_t kAtMost = state::kMailboxBytes / 4;
  const state::Mailbox mailbox{state_, session};
  const std::size_t bytes = mailbox.unread(entry.kind) + logs::record_size(entry);
  return bytes <= kAtMost && deliver(session, entry);
}

bool Mailboxes::has_space(Slot session, const logs::Entry& entry,
                          std::size_t rooms) const noexcept {
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = (mailbox.rooms() + rooms) * state::kLeftBytes;
  return mailbox.has_space(logs::record_size(entry) + kept);
}

}  // namespace chatd::chat
