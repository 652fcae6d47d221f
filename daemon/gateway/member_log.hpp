// SPDX-License-Identifier: GPL-3.0-or-later
// member_log.hpp — who comes and goes, in the service's log; the same for every protocol.
//
// Runs in:   gateway.
#pragma once

#include <string_view>

#include "daemon/chat/room.hpp"

namespace chatd::gateway {

void log_join(const chat::Room& room, chat::Slot slot);
// Before it is removed: its name and address are still there.
void log_leave(const chat::Room& room, chat::Slot slot, state::LeaveKind kind,
               std::string_view reason);

}  // namespace chatd::gateway
