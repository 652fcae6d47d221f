// SPDX-License-Identifier: GPL-3.0-or-later
// joins.hpp — how the default room is told of the joins and leaves of sessions: by a record, by a
// number (see Crowd), late, or not at all. Rooms does the same for the further rooms.
//
// Runs in:   gateway. Pure.
// Borrows:   the StateView, the Room, the Roster of the sessions.
// Invariant: a leave is told if the join was told, once for all sessions of a member; a kick
//            always. The join of a brief session is told before the session reads a room
//            (brief.hpp). adopt() finishes what a killed predecessor has begun.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/chat/room.hpp"
#include "daemon/chat/roster.hpp"
#include "daemon/state/session_table.hpp"

namespace chatd::chat {

class Joins {
 public:
  Joins(const state::StateView& state, Room& room, const Roster& roster);

  struct Login {
    JoinRates::Joiner joiner;
    std::optional<Slot> member;  // a session of the member that is in
    bool is_brief;
  };
  // How the join of a new session is told. If it is not brief, and its member is in but was not
  // told, that member is told first.
  [[nodiscard]] state::Telling telling_of(const Login& login, Now now);
  // How the leave of a session in the roster is told.
  [[nodiscard]] state::Telling leave_of(Slot session, state::LeaveKind kind) const;
  // Appends the record or counts the number, if the slot says so, unless that was done.
  void tell_join(Slot session, WallTime time);
  void tell_leave(Slot session, std::string_view reason, WallTime time);
  // Tells of the member of a session, if its join is not told yet.
  void tell_late(Slot session, Now now);

  // Of a session that joins, that is in, or that leaves.
  void adopt_join(Slot session, WallTime time);
  void adopt_late_join(Slot session, WallTime time);
  void adopt_leave(Slot session, WallTime time);
  // After all sessions are in the roster: if a program of the member is told, all are.
  void adopt_programs(Slot session);

 private:
  void record(state::RecordKind kind, Slot session, std::string_view text, WallTime time);
  [[nodiscard]] JoinRates::Joiner joiner_of(Slot session) const;
  // The other programs of the member are told as this one.
  void spread(Slot session);

  Room& room_;
  const Roster& roster_;
  state::SessionTable table_;
  std::span<const state::NativeSlot> natives_;
  state::GatewayCounters& counters_;
};

}  // namespace chatd::chat
