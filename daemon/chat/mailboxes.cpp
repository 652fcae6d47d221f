// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

namespace chatd::chat {

bool Mailboxes::has_space(Slot session, const logs::Entry& entry,
                          std::size_t rooms) const noexcept {
  const state::Mailbox mailbox{state_, session};
  const std::size_t kept = (mailbox.rooms() + rooms) * state::kLeftBytes;
  return mailbox.has_space(logs::record_size(entry) + kept);
}

}  // namespace chatd::chat
