// SPDX-License-Identifier: GPL-3.0-or-later
// mailboxes.hpp — the mailboxes of all native sessions: records for one member only.
//
// Runs in:   gateway, the only writer.
// Borrows:   the StateView.
// Invariant: that of state::Mailbox: a record that the member has not acknowledged is kept.
#pragma once

#include "daemon/chat/types.hpp"
#include "daemon/state/mailbox.hpp"

namespace chatd::chat {

class Mailboxes {
 public:
  explicit Mailboxes(const state::StateView& state) : state_{state} {}

  // Appends the record. False: there is no space until the member acknowledges. Does not allocate.
  [[nodiscard]] bool deliver(Slot session, const logs::Entry& entry) {
    return state::Mailbox{state_, session}.append(entry);
  }
  // True: the next record of that size will be taken.
  [[nodiscard]] bool has_space(Slot session, const logs::Entry& entry) const noexcept {
    return state::Mailbox{state_, session}.has_space(logs::record_size(entry));
  }
  [[nodiscard]] state::Offset tail(Slot session) const noexcept {
    return state::Mailbox{state_, session}.tail();
  }
  // See state::Mailbox::last_boundary().
  [[nodiscard]] state::Offset last_boundary(Slot session, std::uint64_t offset) const noexcept {
    return state::Mailbox{state_, session}.last_boundary(offset);
  }

 private:
  const state::StateView& state_;
};

}  // namespace chatd::chat
