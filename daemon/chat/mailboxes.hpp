// SPDX-License-Identifier: GPL-3.0-or-later
// mailboxes.hpp — the mailboxes of all native sessions: records for one member only.
//
// Runs in:   gateway, the only writer.
// Borrows:   the StateView.
// Invariant: that of state::Mailbox: a record that the member has not acknowledged is kept. For
//            each further room that a session is in, its mailbox has kLeftBytes free: a member that
//            is removed from a room is always notified.
#pragma once

#include "common/wire/native/native_record.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/mailbox.hpp"

namespace chatd::chat {

// The longest reason of a kick.
inline constexpr std::size_t kMaxReasonBytes = 400;

class Mailboxes {
 public:
  // The bytes of the shortest record `left`, with kShortReason and without the room's name.
  static constexpr std::size_t kLeftBytes = 64;
  static constexpr std::string_view kShortReason = "removed";

  explicit Mailboxes(const state::StateView& state) : state_{state} {}

  // Appends the record. False: there is no space until the member acknowledges. Does not allocate.
  [[nodiscard]] bool deliver(Slot session, const logs::Entry& entry) {
    return has_space(session, entry) && state::Mailbox{state_, session}.append(entry);
  }
  // True: the next record of that size will be taken. `rooms`: that the session enters before.
  [[nodiscard]] bool has_space(Slot session, const logs::Entry& entry,
                               std::size_t rooms = 0) const noexcept;

  // The member is not in a room any more.
  struct Left {
    wire::LeftRoom room;
    std::string_view name;    // of the room
    std::string_view reason;  // empty: the member left by its own command
    logs::Sender session;     // the member
    WallTime time;
    std::uint64_t uplink_offset{0};  // of its own command
  };
  // Appends a record `left`, without the name and the whole reason if the mailbox is nearly full.
  // True if the session's subscription to the room is still in use.
  bool deliver_left(Slot session, const Left& left);

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
