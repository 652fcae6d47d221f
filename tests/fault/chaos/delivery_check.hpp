// SPDX-License-Identifier: GPL-3.0-or-later
// delivery_check.hpp — checks direct messages, the lines that text members received, and where the
// lines of native members begin.
//
// Runs in:   test programs. Pure.
// See:       history_check.hpp, which has the list of the guarantees.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/chaos/history.hpp"

namespace chatd::test {

// A message, or a change of a room: its sender ("" is the administrator) and its text.
using Message = std::pair<std::string, std::string>;
// The places of each message in the order of the room.
using MessagePlaces = std::map<Message, std::vector<std::size_t>>;

// Describes each violation as a sentence. `owned`: the owned names.
[[nodiscard]] std::vector<std::string> find_delivery_violations(const History& history,
                                                                const MessagePlaces& said,
                                                                const std::set<std::string>& owned);

}  // namespace chatd::test
