// SPDX-License-Identifier: GPL-3.0-or-later
// proved.hpp — which sessions have an owned name, and which may not have the name that they have.
//
// Runs in:   gateway.
// Borrows:   the Sessions. Pure.
// See:       names.hpp.
#pragma once

#include <vector>

#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

// The name of the member belongs to its person.
[[nodiscard]] bool is_proved(const Sessions& sessions, Slot member);
// The person of the member owns a name, this one or another.
[[nodiscard]] bool owns_name(const Sessions& sessions, Slot member);
// A session of the person is in.
[[nodiscard]] bool is_in(const Sessions& sessions, state::PersonId person);
// The native sessions of the person, under any name.
[[nodiscard]] std::vector<Slot> sessions_of(const Sessions& sessions, state::PersonId person);

// Sessions under a name that belongs to another person, and those whose key is not of their person
// any more: names have changed hands. The caller removes them from the server.
[[nodiscard]] std::vector<Slot> misnamed(const Sessions& sessions);
// The key belongs to an owned name from now on: its sessions are of that person, which the caller
// removes from rooms that the person is banned from.
void update_person(Sessions& sessions, const state::Identity& key);

}  // namespace chatd::chat
