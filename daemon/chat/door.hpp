// SPDX-License-Identifier: GPL-3.0-or-later
// door.hpp — whether a person may log in: with server.door = "invited" only one that a code has
// admitted, that owns a name, or that was known for a day.
//
// Runs in:   gateway.
// Borrows:   the configuration, the Sessions, the Rooms, the KnownPersons, the Invitations,
//            the Rules.
// Pure:      no descriptor, no clock, no log.
// Invariant: a code that is given is looked at also if the door is open: it may let into a room.
//            A member that was in when the door was closed stays, with all its programs, until it
//            leaves.
//            A text client never passes a closed door. A person that is not known costs one search
//            in each index.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "common/wire/reasons.hpp"
#include "daemon/chat/invitations.hpp"
#include "daemon/chat/known_persons.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class Door {
 public:
  using Owns = std::function<bool(state::PersonId)>;
  // `owns`: whether a name is owned by the person, or rests for it.
  Door(const config::Config& config, const Sessions& sessions, const Rooms& rooms,
       KnownPersons& known, Invitations& invitations, Rules& rules, Owns owns);

  // Called after Sessions::adopt(). Members that are in are admitted until they leave. Finishes the
  // admissions that a killed gateway has begun.
  void adopt(Now now);

  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }
  // True: a closed door admits the person without a code.
  [[nodiscard]] bool admits(state::PersonId person, WallTime now) const;
  // True: a code has admitted the person, or it has a name. Full tables keep its rows.
  [[nodiscard]] bool is_protected(state::PersonId person) const {
    return invitations_.admitted_by(person).has_value() || owns_(person);
  }

  // A native login. `code`: the secret of a code, or empty. An error is the reason to refuse it:
  // not_invited or code_refused. A value: the code that admit() takes, if there is one.
  using Entry = std::expected<std::optional<Invitations::Found>, wire::Reason>;
  [[nodiscard]] Entry look(state::PersonId person, std::string_view code, WallTime now) const;
  // Called when the login is granted. Returns the room that the person is invited to by this code
  // for the first time.
  std::optional<state::RoomId> admit(const Invitations::Found& found, state::PersonId person,
                                     std::string_view name, WallTime now);

  // About once a second: notes the persons of sessions that have lasted. A call looks at a few
  // hundred sessions, the next call at the next ones. If the table of known persons is full, a new
  // person replaces one in it, and the search for that one reads all rows: a call ends after
  // kReplacedAtOnce of these searches.
  static constexpr std::uint32_t kReplacedAtOnce = 8;
  void tick(WallTime now);

 private:
  [[nodiscard]] bool is_in(state::PersonId person) const;
  void invite(state::PersonId person, std::string_view name, state::RoomId room, WallTime now);
  // Notes the person of a session. True: all rows of the known persons were read for it.
  bool look_at(Slot session, WallTime now);

  const Sessions& sessions_;
  const Rooms& rooms_;
  KnownPersons& known_;
  Invitations& invitations_;
  Rules& rules_;
  Owns owns_;
  bool is_closed_;
  // The persons that were in when this gateway began, and that the door does not admit.
  std::unordered_set<state::PersonId> were_in_;
  Slot next_{};  // at which tick() continues
};

}  // namespace chatd::chat
