// SPDX-License-Identifier: GPL-3.0-or-later
// reasons.hpp — why a name cannot be one, and why a message was refused, in the user's words.
//
// Runs in: uchat's terminal process.
#pragma once

#include <string>
#include <string_view>

#include "client/member.hpp"
#include "common/wire/language.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

// Names the character that is wrong, if it cannot be seen.
[[nodiscard]] std::string why_no_name(wire::Language language, wire::NameFault fault,
                                      std::string_view name);

// Of an Event::Kind::refused; `whom` is to whom the message was. A code that only a newer server
// knows: the server's own words. Without a full stop: more follows.
[[nodiscard]] std::string why_refused(wire::Language language, const Event& refused,
                                      std::string_view whom = {});

}  // namespace chatd::client
