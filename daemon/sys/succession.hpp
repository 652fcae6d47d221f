// SPDX-License-Identifier: GPL-3.0-or-later
// succession.hpp — a program executed in the place of its predecessor, with its descriptors.
//
// Runs in:   main(), before any fork and after the last child's end.
// Protocol:  descriptors go as a service manager passes them ($LISTEN_FDS and names, see
//            listen_fds.hpp); $CHATD_SUCCESSOR is the pid, which stays the same. Before
//            that, its value asks a question: see is_successor_check().
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace chatd::sys {

// Did a predecessor execute this program? Then it is detached already, and its descriptors are
// open. The first call of this or the next function removes the variable from the environment.
[[nodiscard]] bool is_successor();

// Does this process only check whether this program could be the successor? The predecessor asks by
// --check-config with kSuccessorCheck in the environment. A version that does not know the variable
// checks its configuration only.
[[nodiscard]] bool is_successor_check();
inline constexpr std::string_view kSuccessorCheck = "CHATD_SUCCESSOR=check";

// The program as it was called, by an absolute path. A link stays a link, so that a new target of
// it is the successor. `called` without a slash: the file that this process executes.
[[nodiscard]] std::string own_program(std::string_view called);

// A descriptor that the successor inherits under a name.
struct InheritedDescriptor {
  std::string_view name;
  int fd;
};
// Returns only on failure, the reason; the descriptors from 3 on have changed then, and the process
// has to end.
[[nodiscard]] Error execute_successor(const std::vector<std::string>& command,
                                      std::span<const InheritedDescriptor> descriptors);

}  // namespace chatd::sys
