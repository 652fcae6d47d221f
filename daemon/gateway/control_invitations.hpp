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
#include <set>
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
  // Ends the admissions by a code. `removed`: gets the persons that no other code has admitted.
  void remove_members(state::InvitationId id, std::set<state::PersonId>& removed,
                      wire::RevokedReport& report);
  // One pass over all sessions, however many persons there are.
  void end_sessions(const std::set<state::PersonId>& persons, chat::Now now);

  chat::Chat& chat_;
  const ControlRooms& rooms_;
  crypto::Hash server_;
  Remove remove_;
};

}  // namespace chatd::gateway
