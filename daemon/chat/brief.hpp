// SPDX-License-Identifier: GPL-3.0-or-later
// brief.hpp — brief sessions: of a program that comes to write something, or to ask who is here,
// and leaves (`uchat send`, `uchat users`).
//
// Runs in:   gateway. Pure.
// Borrows:   the StateView, the Sessions, the Rooms.
// Invariant: a session reads no room before that room was told of its member, and no session is in
//            a room for longer than kTime, and a second, before that room was told. If the session
//            leaves earlier, neither its join nor its leave is told. Its rooms' streams have no
//            window until end(), whatever its client acknowledges. A gateway that is killed in
//            end() leaves the session brief: its successor calls end() again, in which no step is
//            done twice.
#pragma once

#include <chrono>
#include <vector>

#include "common/wire/native/native_command.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class Brief {
 public:
  // More than a program needs that writes one message, also if it has to send it again.
  static constexpr Micros kTime = std::chrono::seconds{10};

  Brief(const state::StateView& state, Sessions& sessions, Rooms& rooms)
      : table_{state}, natives_{state}, sessions_{sessions}, rooms_{rooms} {}

  // A list of members shows the session, too. A session that sends another command is not brief any
  // more.
  [[nodiscard]] static constexpr bool is_command(wire::CommandKind kind) noexcept {
    using wire::CommandKind;
    return kind == CommandKind::say || kind == CommandKind::action || kind == CommandKind::join ||
           kind == CommandKind::who || kind == CommandKind::programs || kind == CommandKind::quit;
  }
  // Sessions whose time is over.
  [[nodiscard]] std::vector<Slot> due(MonoTime now) const;
  // The session is not brief any more: its rooms are told of its join, then their streams begin.
  void end(Slot session, Now now);

 private:
  state::SessionTable table_;
  NativeSessions natives_;
  Sessions& sessions_;
  Rooms& rooms_;
};

}  // namespace chatd::chat
