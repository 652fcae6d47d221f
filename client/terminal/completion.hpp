// SPDX-License-Identifier: GPL-3.0-or-later
// completion.hpp — completes a word of the input line.
//
// Runs in:   uchat's terminal process. Pure.
// See:       input.hpp, which has the list of the commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/terminal/room_book.hpp"
#include "client/terminal/roster.hpp"

namespace chatd::client {

// The completions of `word`, which stands behind `before`: commands, the words that they take,
// rooms behind '#' and behind a command about a room, names of members.
[[nodiscard]] std::vector<std::string> completions(std::string_view before, std::string_view word,
                                                   const Roster& roster, const RoomBook& rooms);

}  // namespace chatd::client
