// SPDX-License-Identifier: GPL-3.0-or-later
// presence.hpp — members that say that they are away, and who is told.
//
// Runs in:   gateway.
// Owns:      who was told, in private memory: a sender is told once more by the next gateway.
// Borrows:   the StateView, the Sessions, the RoomRights and the Mailboxes.
// Pure:      no descriptor, no clock.
// Invariant: all programs of a member are away, or none. A command that is sent again, because its
//            gateway was killed, has the same result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class Presence {
 public:
  Presence(const state::StateView& state, const Sessions& sessions, const RoomRights& rights,
           Mailboxes& mailboxes)
      : slots_{state.native_slots()}, sessions_{sessions}, rights_{rights}, mailboxes_{mailboxes} {}

  // After Sessions::adopt(): a predecessor was killed before it had changed all programs of a
  // member. `joining`: sessions whose login it has not finished.
  void adopt(std::span<const Slot> joining, WallTime time);

  // The command of the session that ends there: with a text the member is away; without one it is
  // back if it is away, and away if not. Returns whether it is away.
  bool decide(Slot session, std::uint64_t end, bool has_text);
  // The member of the session is away, with this text of at most kMaxAwayBytes, or back. The other
  // programs are notified of a change.
  void set(Slot session, bool is_away, std::string_view text, WallTime now);
  // The member writes: it is back, and all its programs are notified.
  void back(Slot session, WallTime now);
  // A session has logged in: it is notified if its member is away.
  void notify(Slot session, WallTime now);
  // The session has sent a direct message to `to`: it is notified if that member is away, once for
  // each sender while the member is away.
  void tell_sender(Slot session, Slot to, WallTime now);
  // The record for one's own programs: `away` or `back`.
  [[nodiscard]] logs::Entry entry_of(Slot session, WallTime now) const;

 private:
  // A sender beyond is told again.
  static constexpr std::size_t kMaxTold = 10'000;
  // False: nothing has changed.
  bool change(Slot session, bool is_away, std::string_view text, WallTime now);

  std::span<state::NativeSlot> slots_;
  const Sessions& sessions_;
  const RoomRights& rights_;
  Mailboxes& mailboxes_;
  // SaidAway::changed of the member when a sender was told.
  std::map<std::pair<state::PersonId, state::PersonId>, std::int64_t> told_;
};

// The member that has this native session has said that it is away. nullptr: it has not, or it is a
// text member.
[[nodiscard]] const state::SaidAway* said_away(const Sessions& sessions, Slot member);
// The text about being away that other members read: none while the member is muted in the server,
// also if it has said the text before.
[[nodiscard]] std::string_view away_text(const Sessions& sessions, const RoomRights& rights,
                                         Slot member, WallTime now);

}  // namespace chatd::chat
