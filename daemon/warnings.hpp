// SPDX-License-Identifier: GPL-3.0-or-later
// warnings.hpp — settings that are possible and do not do what they seem to do. The check, the
// start and a reload print them and go on.
//
// Runs in:   main(), and the supervisor at a reload.
// Parts:     config::warnings(), which looks at the settings alone, and settings that name a
//            socket which systemd opens instead (network.listen, control.path).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/options.hpp"
#include "daemon/resources.hpp"

namespace chatd {

// For a start or a reload: the sockets are open, so that a difference is known.
[[nodiscard]] std::vector<config::Problem> warnings(const config::Config& config,
                                                    const Options& options,
                                                    const Resources& resources);

// For --check-config, which has no sockets: a service of this machine gets them from systemd if
// chatd.socket is enabled below `root`.
[[nodiscard]] std::vector<config::Problem> check_warnings(const config::Config& config,
                                                          const Options& options,
                                                          const std::string& root = "");

// Settings whose change means nothing in this service.
[[nodiscard]] std::vector<std::string> without_effect(const Resources& resources);

}  // namespace chatd
