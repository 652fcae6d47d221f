// SPDX-License-Identifier: GPL-3.0-or-later
// outcome.hpp — how a run of uchat has ended: its exit status, and the sentences for its user, also
// about a name that is not possible and a message that was refused.
//
// Runs in:   both processes of uchat.
// Invariant: an Outcome is a reason of common/wire/reasons.hpp that has an exit status. That table
//            has the sentences.
// See:       man/uchat.1; a test holds the page to the table.
#pragma once

#include <string>
#include <string_view>

#include "client/member/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/name.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

using Outcome = wire::Reason;

[[nodiscard]] int exit_status_of(Outcome outcome) noexcept;

// True if the name belongs to another user: a login under another one is possible.
[[nodiscard]] bool is_name_in_use(Outcome outcome) noexcept;

// The values of {host}, {name} and {detail} in the sentence of an outcome.
struct Circumstances {
  std::string host;  // as it was typed
  std::string name;
  std::string detail{};  // "": there is none
};

// The client's sentence for a reason: one line without a newline, safe for a terminal. A text of
// the server about a ban is translated.
[[nodiscard]] std::string explain(wire::Reason reason, const Circumstances& circumstances,
                                  wire::Language language);

// Names the wrong character, if it is one that cannot be seen.
[[nodiscard]] std::string why_no_name(wire::Language language, wire::NameFault fault,
                                      std::string_view name);

// The reason why no room can have that name; "": a room can have it.
[[nodiscard]] std::string why_no_room(wire::Language language, std::string_view name);

// Why a text of more than `max` bytes is refused: by how many of its characters it is too long.
[[nodiscard]] std::string why_too_long(wire::Language language, std::string_view text,
                                       std::size_t max);

// The reason of a refusal; `whom` is the receiver of the message. For a code that
// only a newer server knows: the text that the server sent. Without a full stop: more follows. Of a
// mute or a ban with its end and its reason, if the server's text has them.
[[nodiscard]] std::string why_refused(wire::Language language, const Refused& refused,
                                      std::string_view whom = {});

}  // namespace chatd::client
