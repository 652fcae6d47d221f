// SPDX-License-Identifier: GPL-3.0-or-later
// control_page.hpp — the answer to `chatctl web`: where the page is, or why there is none.
//
// Runs in:   gateway.
// Pure:      no descriptor, no clock.
#pragma once

#include "common/wire/control/web_reports.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/gateway.hpp"

namespace chatd::gateway {

// Without the room that the page is to open.
[[nodiscard]] control::Answer<wire::WebReport> page_report(const Inheritance& inheritance);

}  // namespace chatd::gateway
