// SPDX-License-Identifier: GPL-3.0-or-later
// role_table.hpp — the table of roles: a row for each kind of process. A new role is a folder
// with its main function, and a row here.
//
// Runs in:   main(), before any fork; the main functions of the rows in the children.
#pragma once

#include <vector>

#include "daemon/roles/role.hpp"
#include "daemon/service.hpp"

namespace chatd {

// For the configuration that the service starts with. The rows refer to the service, which outlives
// every process.
[[nodiscard]] std::vector<roles::Role> role_table(Service& service);

// The descriptors of the service that a process of the role keeps.
[[nodiscard]] std::vector<int> inheritance_of(const Service& service, const roles::Role& role,
                                              const roles::Process& process);

}  // namespace chatd
