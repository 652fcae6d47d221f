// SPDX-License-Identifier: GPL-3.0-or-later
// codes.hpp — why a request is refused: the codes of this process, and the statuses of the reasons
// that the gateway has.
//
// Runs in:   web. Pure.
// Invariant: a code has one status.
// See:       chatd-web(7), which a test holds to these tables and to common/http/codes.hpp.
#pragma once

#include <algorithm>
#include <array>

#include "common/http/codes.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::web {

namespace code {

using http::Code;
using http::code::kBusy;

inline constexpr Code kNotFound{404, "not_found"};
inline constexpr Code kBadMethod{405, "bad_method"};
inline constexpr Code kGap{409, "gap"};  // the number of a command is not the next one
inline constexpr Code kBadType{415, "bad_type"};
inline constexpr Code kBadToken{422, "bad_token"};
inline constexpr Code kBadCommand{422, "bad_command"};  // also the body of an entry
inline constexpr Code kBadPlace{422, "bad_place"};
inline constexpr Code kTooFast{429, "too_fast"};
inline constexpr Code kUnread{429, "unread"};
inline constexpr Code kClosed{503, "closed"};  // by a reload
inline constexpr Code kLate{504, "late"};

inline constexpr std::array kAll{kNotFound, kBadMethod, kGap,    kBadType, kBadToken, kBadCommand,
                                 kBadPlace, kTooFast,   kUnread, kClosed,  kLate};

}  // namespace code

struct ReasonStatus {
  wire::Reason reason;
  int status;
};
// The reasons that a response can have. Those of commands are events, see Members::command().
inline constexpr std::array kReasonStatuses{
    ReasonStatus{wire::Reason::no_session, 401},
    ReasonStatus{wire::Reason::needs_tls, 403},
    ReasonStatus{wire::Reason::password_wanted, 403},
    ReasonStatus{wire::Reason::wrong_password, 403},
    ReasonStatus{wire::Reason::not_invited, 403},
    ReasonStatus{wire::Reason::wrong_code, 403},
    ReasonStatus{wire::Reason::code_refused, 403},
    ReasonStatus{wire::Reason::replaced, 409},
    ReasonStatus{wire::Reason::name_taken, 409},
    ReasonStatus{wire::Reason::name_owned, 409},
    ReasonStatus{wire::Reason::banned, 410},
    ReasonStatus{wire::Reason::text_too_long, 413},
    ReasonStatus{wire::Reason::name_empty, 422},
    ReasonStatus{wire::Reason::name_too_long, 422},
    ReasonStatus{wire::Reason::name_not_utf8, 422},
    ReasonStatus{wire::Reason::name_has_space, 422},
    ReasonStatus{wire::Reason::name_not_printable, 422},
    ReasonStatus{wire::Reason::name_reserved, 422},
    ReasonStatus{wire::Reason::name_like_a_mark, 422},
    ReasonStatus{wire::Reason::already_named, 422},
    ReasonStatus{wire::Reason::unknown_kind, 422},
    ReasonStatus{wire::Reason::no_such_member, 422},
    ReasonStatus{wire::Reason::no_such_room, 422},
    ReasonStatus{wire::Reason::not_in_that_room, 422},
    ReasonStatus{wire::Reason::bad_room_name, 422},
    ReasonStatus{wire::Reason::bad_search, 422},
    ReasonStatus{wire::Reason::room_full, 503},
    ReasonStatus{wire::Reason::address_full, 503},
    ReasonStatus{wire::Reason::busy, 503},
    ReasonStatus{wire::Reason::nothing_stored, 503},
    ReasonStatus{wire::Reason::history_down, 503},
    ReasonStatus{wire::Reason::questions_full, 503},
};

// 403: of a reason that is not in the table.
[[nodiscard]] constexpr int status_of(wire::Reason reason) noexcept {
  constexpr int kForbidden = 403;
  const auto* const row = std::ranges::find(kReasonStatuses, reason, &ReasonStatus::reason);
  return row == kReasonStatuses.end() ? kForbidden : row->status;
}
[[nodiscard]] inline http::Code code_for(wire::Reason reason) noexcept {
  return {status_of(reason), wire::code_of(reason)};
}

}  // namespace chatd::web
