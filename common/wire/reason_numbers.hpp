// SPDX-License-Identifier: GPL-3.0-or-later
// reason_numbers.hpp — the numbers of reasons in the native protocol.
//
// Runs in:   client, gateway, worker.
// Invariant: a number is never used again for another reason.
// See:       reasons.hpp, whose table gives each number its reason; chatd-protocol(7).
#pragma once

#include <cstdint>

namespace chatd::wire {

// In a REFUSE packet: the server does not accept a HELLO or a CONFIRM. A code that is not known
// means `handshake`.
enum class RefuseCode : std::uint8_t {
  version = 1,
  password = 2,
  handshake = 3,
  busy = 4,
  banned = 5,
};

// In a REFUSED frame: the client does not become a member.
enum class RefusalCode : std::uint8_t {
  name_taken = 1,
  name_refused = 2,
  room_full = 3,
  address_full = 4,
  not_welcome = 5,
  elsewhere = 6,  // another program of the same member has taken the session
  banned = 7,
  owned = 8,  // the name belongs to another person
  not_invited = 9,
};

// In a BYE frame: the session ends.
enum class ByeReason : std::uint8_t {
  quit = 0,
  stopped = 1,
  kicked = 2,
  replaced = 3,
  idle = 4,
  ended = 5,  // by another program of the member
};

}  // namespace chatd::wire
