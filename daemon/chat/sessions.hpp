// SPDX-License-Identifier: GPL-3.0-or-later
// sessions.hpp — the sessions of all members, of both protocols: admission, roster, rates,
// presence. A member has one session, or, with several programs, one for each of them.
//
// Runs in:   gateway, the only writer of the session table.
// Owns:      the roster. Borrows: the StateView, the Room that every session joins, the Rules.
// Pure:      no descriptor, no clock, no log; the caller sends the replies.
// Invariant: a member joins in two steps and leaves in two, so that its OK is sent before any
//            line of the room, and its EXIT also if the gateway is killed at any instruction:
//              admit():  join record appended, slot `joining`     -> send OK   -> settle()
//              remove(): leave record appended, slot `leaving`    -> send EXIT -> settle()
//            A member with several programs has a join record of the first one and a leave record
//            of the last one. The join of a brief session is told late, see brief.hpp.
//            adopt() finishes the steps that a killed predecessor had begun.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/wire/name.hpp"
#include "daemon/chat/admission.hpp"
#include "daemon/chat/joins.hpp"
#include "daemon/chat/native_sessions.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/chat/room.hpp"
#include "daemon/chat/roster.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/unproved.hpp"
#include "daemon/config/config.hpp"
#include "daemon/state/session_table.hpp"

namespace chatd::chat {

class Sessions {
 public:
  Sessions(const state::StateView& state, const config::Config& config, Room& room, Rules& rules,
           const Persons& persons, std::uint64_t hash_key);

  // Called once, first: rebuilds the roster from the session table. Returns the sessions in the
  // phases `joining` and `leaving`: their OK or EXIT may not have been sent; settle() follows.
  struct Unfinished {
    std::vector<Slot> joining;
    std::vector<Slot> leaving;
  };
  Unfinished adopt(Now now);

  using Status = AdmissionStatus;
  using Admission = chat::Admission;
  // The facts of a login, for admit().
  [[nodiscard]] Attempt attempt_of(const JoinRequest& request, WallTime now) const;
  Admission admit(const JoinRequest& request, Attempt attempt, Now now);
  Admission admit(const JoinRequest& request, Now now);

  // Appends the leave record; the slot is `leaving`. `reason` is for `kicked`. name() and where()
  // stay valid until settle().
  void remove(Slot member, state::LeaveKind kind, std::string_view reason, Now now);
  // Called after the OKs and EXITs were sent: joining members get the room's lines from here on,
  // the slots of leaving members are free again.
  void settle();

  // Charges the member's rate (limits.messages_per_second, limits.burst), which its programs share,
  // for one command of any kind and result. Set: nothing was charged.
  [[nodiscard]] std::optional<TooFast> charge(Slot member, MonoTime now);
  // The same for a command that costs a line for every member: all unproved sessions together have
  // a rate, too. If that one refuses, the member's own rate was charged.
  [[nodiscard]] std::optional<TooFast> charge_line(Slot member, MonoTime now);

  void heard(Slot member, MonoTime now);  // a datagram of it has arrived
  // True at most once a second for one member: it may get a notice about a fault of it.
  [[nodiscard]] bool may_notify(Slot member, MonoTime now);

  // Presence. A native session that is silent becomes away; a packet of it ends that.
  void attach(Slot member) { natives_.attach(member); }
  void detach(Slot member, MonoTime now) { natives_.detach(member, now); }
  [[nodiscard]] bool is_away(Slot member) const;
  void move(Slot member, const state::Delivery& to);  // the address of a native member has changed
  // Sessions of that kind that are present and were not heard since `deadline`, and sessions that
  // are away since then. A few hundred at most: the rest at the next call.
  [[nodiscard]] std::vector<Slot> silent_since(state::SessionKind kind, MonoTime deadline) const;
  [[nodiscard]] std::vector<Slot> away_since(state::SessionKind kind, MonoTime deadline) const;
  // To remove, if more than text.listeners are unproved.
  [[nodiscard]] std::optional<Slot> surplus() const { return unproved_.surplus(); }

  [[nodiscard]] std::optional<Slot> find(const Endpoint& peer) const {
    return roster_.by_endpoint(peer);
  }
  [[nodiscard]] std::optional<Slot> find_name(std::string_view name) const;
  [[nodiscard]] std::vector<Slot> all() const;  // of all members
  [[nodiscard]] std::vector<Slot> all(state::SessionKind kind) const;
  [[nodiscard]] std::vector<Slot> with_mailbox() const;                    // of those that have one
  [[nodiscard]] const Roster& roster() const noexcept { return roster_; }  // for programs.hpp
  [[nodiscard]] std::uint32_t size() const noexcept { return roster_.size(); }  // members
  // True for a session that joins or has joined, and does not leave. Any number may be asked.
  [[nodiscard]] bool is_member(Slot slot) const;
  [[nodiscard]] bool is_member(Slot slot, state::SessionKind kind) const;
  [[nodiscard]] bool has_mailbox(Slot slot) const;                   // and is a member
  [[nodiscard]] bool is_member(const state::Sender& session) const;  // that one, not a later one
  [[nodiscard]] state::Sender sender(Slot member) const { return table_.sender(member); }
  [[nodiscard]] const Endpoint& where(Slot member) const;
  [[nodiscard]] state::PersonId person(Slot member) const { return table_.slot(member).person; }
  [[nodiscard]] const Persons& persons() const noexcept { return persons_; }
  // For the search of rules. Valid until the member is removed.
  [[nodiscard]] Rules::Subject subject(Slot member) const;
  [[nodiscard]] const state::NativeSlot& native(Slot slot) const { return natives_.slot(slot); }
  [[nodiscard]] const state::Identity& identity(Slot slot) const { return native(slot).identity; }
  [[nodiscard]] bool is_plain(Slot slot) const {
    return is_member(slot, state::SessionKind::web) && native(slot).is_plain != 0;
  }
  [[nodiscard]] std::string_view name(Slot member) const { return table_.name(member); }
  [[nodiscard]] Joins& joins() noexcept { return joins_; }  // for brief.hpp
  [[nodiscard]] state::SessionSlot& session(Slot member) { return table_.slot(member); }
  [[nodiscard]] const state::SessionSlot& session(Slot member) const { return table_.slot(member); }

 private:
  [[nodiscard]] std::optional<Slot> own_session(const JoinRequest& request,
                                                std::optional<Slot> holder) const;
  [[nodiscard]] bool is_of(Slot member, state::PersonId person) const;
  [[nodiscard]] std::optional<Slot> program_for(std::uint64_t client, Slot first) const;
  [[nodiscard]] bool is_full_for(const JoinRequest& request) const;
  void begin_native(Slot slot, const JoinRequest& request, const Attempt& attempt, WallTime now);
  void open(Slot slot, const JoinRequest& request, const Attempt& attempt, Now now);
  void unlist(Slot member);
  void list(Slot slot, const Endpoint& peer, std::string folded_name);
  void adopt_slot(Slot slot, Unfinished& unfinished, Now now);
  void adopt_member(Slot member, Now now);
  void update_gauges();

  Room& room_;
  Rules& rules_;
  Persons persons_;
  std::uint64_t history_id_;
  state::SessionTable table_;
  NativeSessions natives_;
  state::GatewayCounters& counters_;
  Roster roster_;
  Joins joins_;
  Unproved unproved_;
  double messages_per_second_;
  RateLimit rate_;
  std::uint32_t sessions_per_address_;
  std::uint32_t programs_per_person_;
  std::vector<Slot> entering_;
  std::vector<Slot> leaving_;
};

}  // namespace chatd::chat
