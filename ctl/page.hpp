// SPDX-License-Identifier: GPL-3.0-or-later
// page.hpp — the addresses by which browsers reach the page.
//
// Runs in:   chatctl, on the machine of the daemon: the daemon's processes see no interface.
#pragma once

#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/wire/control/web_reports.hpp"

namespace chatd::ctl {

// Addresses of this machine by which others reach it: not loopback, not link-local.
[[nodiscard]] std::vector<IpAddress> own_addresses();

// Addresses of the page: the names behind a proxy, then addresses by which others reach it, then
// loopback. A wildcard address stands for all of `own`, and for loopback. Each ends in "#ROOM" if a
// room is to be opened. Pure.
[[nodiscard]] std::vector<std::string> urls_of(const wire::WebReport& report,
                                               const std::vector<IpAddress>& own);
// The first one, if it is not of this machine only; else "". Pure.
[[nodiscard]] std::string url_for_others(const wire::WebReport& report);

}  // namespace chatd::ctl
