// SPDX-License-Identifier: GPL-3.0-or-later
// log_event.hpp — a row of the table of events, see log_events.hpp.
//
// Runs in:   every process; plain data.
#pragma once

#include <string_view>

namespace chatd::sys {

struct LogEvent {
  std::string_view name;         // the value of the field CHATD_EVENT
  std::string_view message_id;   // 32 lower-case hexadecimal digits
  std::string_view description;  // one sentence, for the manual
  std::string_view fields{};     // that it always has, besides CHATD_EVENT
};

}  // namespace chatd::sys
