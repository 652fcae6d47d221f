// SPDX-License-Identifier: GPL-3.0-or-later
// reasons.hpp — why a text is not a possible name, and why a message was refused, in the user's
// language.
//
// Runs in: uchat's terminal process.
// See:     common/wire/reasons.hpp, whose table has the sentences.
#pragma once

#include <string>
#include <string_view>

#include "client/event.hpp"
#include "common/wire/language.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

// Names the wrong character, if it is one that cannot be seen.
[[nodiscard]] std::string why_no_name(wire::Language language, wire::NameFault fault,
                                      std::string_view name);

// The reason of a refusal; `whom` is the receiver of the message. For a code that
// only a newer server knows: the text that the server sent. Without a full stop: more follows.
[[nodiscard]] std::string why_refused(wire::Language language, const Refused& refused,
                                      std::string_view whom = {});

}  // namespace chatd::client
