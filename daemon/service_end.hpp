// SPDX-License-Identifier: GPL-3.0-or-later
// service_end.hpp — where the sessions stay when the service ends.
//
// Runs in:   main(): the first before any fork, the last after the last child's end.
#pragma once

#include "daemon/handover/take_over.hpp"
#include "daemon/service.hpp"
#include "daemon/supervisor/supervisor.hpp"

namespace chatd {

// Gives the state and the keys to the service manager, if it has a store of descriptors, for the
// next process: under the names of sys::kKept*. A failure is logged.
void let_manager_keep(const Service& service, const handover::Begin& begin);

// The exit status of the service. Does not return if a successor takes this process over.
[[nodiscard]] int end_service(const Service& service, supervisor::Ending ending);

}  // namespace chatd
