// SPDX-License-Identifier: GPL-3.0-or-later
// json_lines.hpp — a report as one JSON object on one line (uchat listen --json), and the members
// of a room (uchat users --json).
//
// Runs in:   uchat's terminal process.
// See:       common/wire/events/event_json.hpp, which has the lines of a room; uchat(1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/script/member_list.hpp"
#include "client/session/message.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

// The object with its newline; "" for a report that is not part of the output.
// `now`: the time of an event that has no time of the server.
[[nodiscard]] std::string json_line(const Report& report, WallTime now);
// The answer of `uchat users`.
[[nodiscard]] std::string json_line(std::string_view room, const std::vector<UserRow>& members,
                                    WallTime now);

// A line of the answer of `uchat history`.
[[nodiscard]] std::string json_line(const HistoryLine& line, std::string_view room);

}  // namespace chatd::client
