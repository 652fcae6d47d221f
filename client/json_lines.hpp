// SPDX-License-Identifier: GPL-3.0-or-later
// json_lines.hpp — what is reported, as one JSON object a line (uchat listen --json).
//
// Runs in:   uchat's terminal process.
// See:       uchat(1), which lists the members; they are only ever added within a schema.
#pragma once

#include <string>

#include "client/message.hpp"

namespace chatd::client {

// With its newline; "" for a report that is nothing to a listener.
[[nodiscard]] std::string json_line(const Report& report);

}  // namespace chatd::client
