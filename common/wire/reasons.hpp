// SPDX-License-Identifier: GPL-3.0-or-later
// reasons.hpp — why something was refused or has ended: one table of all reasons, with their
// codes, their numbers in the native protocol, their exit statuses and their sentences.
//
// Runs in:   gateway, worker, both processes of uchat.
// Invariant: row N of the table is reason N. Each number of the native protocol and each exit
//            status stands in one row only. A sentence of the server is at most kMaxPhraseBytes.
// See:       chatd-protocol(7), uchat(1) and chatd(8), which tests hold to the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/reason_numbers.hpp"

namespace chatd::wire {

// The smallest login buffers of clients in use are 120 bytes, and those clients fail on half a
// character.
inline constexpr std::size_t kMaxPhraseBytes = 120;

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
  replaced,  // the same key and name logged in elsewhere
  stopped,   // the server has stopped
  other_version,
  not_confirmed,
  message_refused,
  no_password_here,  // a password was given, and the server says that the room has none
  unconfirmed_key,
  not_welcome,  // the server does not let this client in; its text says why
  banned,
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
  elsewhere,          // another client of the member logged in after this one
  handshake_unknown,  // the server has forgotten the handshake: begin again
  busy,               // begin again later
  // Why a message or a command was refused.
  text_empty,
  text_not_utf8,
  text_too_long,
  no_such_member,
  not_native,
  mailbox_full,
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
  may_not_make,   // rooms.create
  made_too_many,  // by its sender, or by its sender's network
  // Why something was refused in a room.
  muted,
  lecture,        // only owners and moderators speak
  slow_mode,      // the member's last message is less than slow_seconds ago
  room_too_fast,  // all members of the room together
  no_right,       // for owners or moderators only
  higher_role,    // the other member's role is the same, or higher
  last_owner,     // a room that has an owner keeps one
  no_such_rule,
  room_rules_full,
  rules_full,
  // Why a session ends.
  quit,
  idle,         // the session was silent for too long
  unreachable,  // its address does not take datagrams any more
  text_closed,  // a reload has closed the room for text clients
  // Nothing was refused; lines were dropped, because the member was too slow.
  missed,
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::missed) + 1;

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)

// One sentence in both languages. An empty Chinese one: the sentence is only used in English.
struct Sentence {
  std::string_view en{};
  std::string_view zh{};

  [[nodiscard]] constexpr std::string_view in(Language language) const noexcept {
    return language == Language::zh && !zh.empty() ? zh : en;
  }
};

struct ReasonRow {
  Reason reason;
  // The reason that uchat reports when a run ends so: the reason itself, or a more general one.
  // The code and the numbers that this row leaves out are those of the more general one.
  Reason outcome;
  std::string_view code{};      // in JSON, in the notice of a refused command, as CHATD_REASON
  std::optional<int> status{};  // exit status of uchat
  std::optional<RefuseCode> refuse{};    // in a REFUSE packet
  std::optional<RefusalCode> refused{};  // in a REFUSED frame
  std::optional<ByeReason> bye{};        // in a BYE frame
  bool with_text{false};                 // uchat shows the text that the server sends beside it
  Sentence server{};  // to text members, in REFUSED frames and notices, and in the journal
  // To uchat's user. {host}, {name} and {detail}; from ": {detail}" on it is left out when there
  // is no detail.
  Sentence client{};
};

// NOLINTEND(readability-redundant-member-init)

[[nodiscard]] std::span<const ReasonRow> reason_table() noexcept;

// False for a number that came from outside and stands for no reason.
[[nodiscard]] constexpr bool is_known(Reason reason) noexcept {
  return static_cast<std::size_t>(reason) < kReasons;
}
// The reason must be known.
[[nodiscard]] const ReasonRow& row_of(Reason reason) noexcept;
[[nodiscard]] Reason outcome_of(Reason reason) noexcept;
[[nodiscard]] std::string_view code_of(Reason reason) noexcept;
// A reason that has no number of its own is sent as not_welcome, since the text explains it.
[[nodiscard]] RefusalCode refusal_code_of(Reason reason) noexcept;
// A reason that has no number of its own is sent as idle, after which a client logs in again.
[[nodiscard]] ByeReason bye_of(Reason reason) noexcept;

// A number that only a newer server knows is not_welcome: the text of the frame explains it.
[[nodiscard]] Reason reason_of(RefusalCode code) noexcept;
// nullopt: no reason why a message is refused has this code.
[[nodiscard]] std::optional<Reason> message_refusal_of(std::string_view code) noexcept;

}  // namespace chatd::wire
