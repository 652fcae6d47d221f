// SPDX-License-Identifier: GPL-3.0-or-later
// json_lines.hpp — a report as one JSON object on one line (uchat listen --json).
//
// Runs in:   uchat's terminal process.
// Invariant: each event has the member `room`: the name of the room that it is about, without '#';
//            "" is the default room, and stands in events that are about no room.
// See:       uchat(1), which lists the members; they are only ever added within a schema.
#pragma once

#include <string>

#include "client/session/message.hpp"

namespace chatd::client {

// The object with its newline; "" for a report that is not part of the output.
[[nodiscard]] std::string json_line(const Report& report);

}  // namespace chatd::client
