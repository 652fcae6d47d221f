// SPDX-License-Identifier: GPL-3.0-or-later
// reason.hpp — the reasons why something is refused or ends.
//
// Runs in:   gateway, worker, both processes of uchat.
// See:       reasons.hpp, which has a row for each of them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chatd::wire {

enum class Reason : std::uint8_t {
  // How a run of uchat can end, in the order of the exit statuses.
  done,
  failed,  // on this machine: a file, a process, standard output, memory
  usage,
  no_such_host,
  nothing_listening,
  no_answer,    // the handshake was not answered in time
  changed_key,  // the server's key is not the one that is known
  password_wanted,
  wrong_password,
  name_taken,
  name_refused,  // not a possible name
  room_full,
  kicked,
  replaced,  // another program of the member has taken the session
  stopped,   // the server has stopped
  other_version,
  not_confirmed,
  message_refused,
  no_password_here,  // a password was given, and the server says that the room has none
  unconfirmed_key,
  not_welcome,  // the server does not let this client in; its text says why
  banned,
  program_ended,    // by another program of the member
  timed_out,        // the time limit of the user is over
  no_history,       // confirmed; the server stores no messages, or none of the room
  bad_certificate,  // the server does not prove that it has the identity that it says
  not_invited,      // the door is closed: the server admits invited persons only
  wrong_code,       // an invitation code is not one of this server; it was not sent
  name_owned,       // the name belongs to another person
  not_saved,        // confirmed; it is not known to be on the server's disk
  // Why a name is not possible.
  name_empty,
  name_too_long,
  name_not_utf8,
  name_has_space,
  name_not_printable,
  name_reserved,
  name_like_a_mark,
  already_named,  // L from a member, with another name or without one
  // Other reasons for a refused login.
  address_full,       // too many sessions from this address
  code_refused,       // no invitation of the server has this code, or it is not valid any more
  elsewhere,          // another program of the member has taken the client's session since
  handshake_unknown,  // the server has forgotten the handshake: begin again
  busy,               // begin again later
  // Why a message or a command was refused.
  text_empty,
  text_not_utf8,
  text_too_long,
  no_such_member,
  not_native,
  mailbox_full,
  no_such_program,
  other_person,
  not_taken,        // the receiver takes no direct messages from the sender
  waits_full,       // too many messages wait for the receiver
  blocks_full,      // too many users are blocked
  not_blocked,      // the sender has not blocked this user
  unknown_kind,     // a native command of a kind that the server does not know
  unknown_command,  // a line of the text protocol that is no command, from a non-member
  not_in_room,      // C before L
  not_said,         // a member's line that is no command
  // Why a command about a further room was refused.
  no_such_room,  // also one that is hidden from its sender
  room_exists,
  too_many_rooms,  // the member is in kMaxRoomStreams further rooms
  rooms_full,      // limits.rooms
  not_in_that_room,
  bad_room_name,
  may_not_make,   // rooms.create = "admin"
  owners_make,    // rooms.create = "owners"
  made_too_many,  // by its sender, or by its sender's network
  // Why something was refused in a room.
  muted,
  lecture,        // only owners and moderators speak
  slow_mode,      // the member's last message is less than slow_seconds ago
  room_too_fast,  // all members of the room together
  no_right,       // for owners or moderators only
  higher_role,    // the other member's role is the same, or higher
  last_owner,     // a room that has an owner keeps one
  no_such_line,   // no line of the room has this number, or it was taken back before
  not_your_line,  // only moderators take back lines of other members
  line_too_old,   // to be taken back by its author
  no_such_rule,
  banned_here,  // the other member is banned in the room, and cannot be invited
  room_rules_full,
  rules_full,
  // Why a command about owned names was refused; a name of another person is name_owned.
  own_claim_closed,  // names.claim
  own_too_new,       // the key is not known for a day
  own_too_many,      // claims of its sender's network
  own_look_alike,    // the name looks like an owned one
  own_has_one,       // a person owns one name
  own_other_name,    // the key belongs to another name, or was dropped from one
  names_full,        // limits.names
  own_none,          // the sender owns no name
  own_bad_code,      // a wrong, used or expired one
  own_keys_full,     // a name has at most 8
  own_no_such_key,
  own_younger,     // an older key of the name decides this
  own_restricted,  // the sender is banned or muted: its keys stay one person
  own_last_key,    // to be dropped by a release only
  own_no_device,   // no device waits for that answer
  // Why a question about stored lines was refused.
  nothing_stored,  // the server stores no lines
  history_down,    // they cannot be read now
  questions_full,  // too many questions wait
  bad_search,      // nothing can be searched for by that text
  // Of browsers.
  needs_tls,   // the browser's connection can be read on its way
  no_session,  // no session has the token; the browser enters again
  // Why a session ends.
  quit,
  idle,         // the session was silent for too long
  unreachable,  // its address does not take datagrams any more
  text_closed,  // a reload has closed the room for text clients
  // Nothing was refused; lines were dropped, because the member was too slow.
  missed,
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::missed) + 1;

// False for a number that came from outside and stands for no reason.
[[nodiscard]] constexpr bool is_known(Reason reason) noexcept {
  return static_cast<std::size_t>(reason) < kReasons;
}

}  // namespace chatd::wire
