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

// Did a predecessor execute this program? Then it is detached already, and what it needs is
// open. The first call of this or the next takes the word out of the environment.
[[nodiscard]] bool is_successor();

// Is this the question, in a process of its own, whether this program could be the successor? A
// program asks it by --check-config with kSuccessorCheck in its environment; one of a version
// that knows it not checks its configuration only.
[[nodiscard]] bool is_successor_check();
inline constexpr std::string_view kSuccessorCheck = "CHATD_SUCCESSOR=check";

// The program as it was called, by an absolute path: where it is a link, whoever replaces the
// link means the new one. `called` without a slash: the file that this process executes.
[[nodiscard]] std::string own_program(std::string_view called);

struct Bequest {
  std::string_view name;
  int fd;
};
// Returns only the reason why it could not; then the descriptors from 3 on are not what they
// were, and there is nothing to do but to end.
[[nodiscard]] Error execute_successor(const std::vector<std::string>& command,
                                      std::span<const Bequest> descriptors);

}  // namespace chatd::sys
