// SPDX-License-Identifier: GPL-3.0-or-later
// found_output.hpp — the servers that a search has found, as text and as JSON.
//
// Runs in:   uchat, before it forks. Pure.
// Invariant: the name of a room is the last column, since a server may send any text.
// See:       uchat(1), which lists the members of the JSON.
#pragma once

#include <string>
#include <vector>

#include "client/session/found_rows.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// A line for each server: address, state, fingerprint, room.
[[nodiscard]] std::string found_text(const std::vector<FoundRow>& rows, wire::Language language);
// The same with a number in front, from 1 on, and without a fingerprint: a user chooses one.
[[nodiscard]] std::string found_choices(const std::vector<FoundRow>& rows, wire::Language language);
// One JSON object on one line. `now`: the time of the event.
[[nodiscard]] std::string json_line(const FoundRow& row, WallTime now);

}  // namespace chatd::client
