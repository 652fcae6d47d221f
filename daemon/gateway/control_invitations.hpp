// SPDX-License-Identifier: GPL-3.0-or-later
// control_invitations.hpp — carries out the requests of administrators about invitation codes.
//
// Runs in:   gateway.
// Borrows:   the Chat, the ControlRooms.
// Invariant: a code leaves this process in the answer to `invite` only; neither a log record nor a
//            row has it.
// Errors:    a Refusal.
// See:       chatctl(1); daemon/chat/invitations.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "common/crypto/hash.hpp"
#include "common/wire/control/invitation_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_rooms.hpp"

namespace chatd::gateway {

class ControlInvitations {
 public:
  // Ends a session of any protocol.
  using Remove =
      std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)>;
  // `server`: the SHA-256 of the key that clients know the server by.
  ControlInvitations(chat::Chat& chat, const ControlRooms& rooms, const crypto::Hash& server,
                     Remove remove)
      : chat_{chat}, rooms_{rooms}, server_{server}, remove_{std::move(remove)} {}

  static constexpr std::uint32_t kMaxAtOnce = 1000;  // codes, and uses of a code

  control::Answer<wire::InvitedReport> invite(const control::Args& args,
                                              const control::Caller& caller);
  [[nodiscard]] wire::InvitationsReport list() const;
  control::Answer<wire::RevokedReport> revoke(const control::Args& args,
                                              const control::Caller& caller);

 private:
  [[nodiscard]] std::string_view state_of(chat::Invitations::Index code, WallTime now) const;
  [[nodiscard]] wire::InvitationRow row_of(chat::Invitations::Index code, WallTime now) const;
  // Ends the admissions by a code.
  void end_admissions(state::InvitationId id, wire::RevokedReport& report);
  // Of the persons that these codes have admitted and no other one.
  void end_sessions(std::span<const chat::Invitations::Index> codes, chat::Now now);

  chat::Chat& chat_;
  const ControlRooms& rooms_;
  crypto::Hash server_;
  Remove remove_;
};

}  // namespace chatd::gateway
