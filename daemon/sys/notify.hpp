// SPDX-License-Identifier: GPL-3.0-or-later
// notify.hpp — notifications to the service manager: sd_notify(3) and the watchdog.
//
// Runs in:   the supervisor. The manager listens to no other process of the service, so
//            every child calls clear_environment() right after its fork.
// Invariant: without $NOTIFY_SOCKET every call does nothing and succeeds.
// Errors:    a manager that cannot be reached; logged, never a reason to stop.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace chatd::sys::notify {

// `status` is the one line that `systemctl status` shows. Also ends a reload().
Result<> ready(std::string_view status);
Result<> status(std::string_view text);
Result<> reloading();
Result<> stopping();

// How often to ping(): half of the interval that the manager allows. nullopt: there is no watchdog.
[[nodiscard]] std::optional<Micros> watchdog_interval();
Result<> ping();

// The manager's store of descriptors, which outlives this process: see sd_pid_notify_with_fds(3).
// `name` has no colon. A descriptor of the same name is replaced.
Result<> keep(int fd, std::string_view name);
Result<> forget(std::string_view name);
// Waits until the manager has read all of the above.
Result<> barrier();
// A manager with such a store started us.
[[nodiscard]] bool keeps_descriptors() noexcept;

// For children: removes the variables that systemd set for the parent only ($NOTIFY_SOCKET,
// $WATCHDOG_*, $LISTEN_*). Not for an exec in place: the new program needs all of it.
void clear_environment() noexcept;

}  // namespace chatd::sys::notify
