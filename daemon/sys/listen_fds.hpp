// SPDX-License-Identifier: GPL-3.0-or-later
// listen_fds.hpp — the sockets that systemd opened for us (sd_listen_fds(3)).
//
// Runs in:   the supervisor, once, before it opens any other descriptor.
// Owns:      the sockets; the caller gets them, close-on-exec and non-blocking.
// Invariant: they are identified by name (FileDescriptorName=) and checked by type: the
//            order in which systemd passes them changes with `systemctl daemon-reload`.
//            A UDP socket does not share its address with sockets that are bound later
//            (SO_REUSEADDR, which systemd sets, is cleared).
// Errors:    name the socket, what is wrong with it and what the unit should say. All
//            sockets are closed then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::sys {

// Names of descriptors that are no sockets: the manager kept them, or a predecessor passed them on.
inline constexpr std::string_view kKeptState = "state";
inline constexpr std::string_view kKeptKeys = "keys";
inline constexpr std::string_view kKeptSnapshot = "snapshot";
inline constexpr std::string_view kKeptPidFile = "pidfile";

struct ListenFds {
  std::vector<UniqueFd> udp;  // IPv4 or IPv6 datagram sockets named "udp"
  std::vector<UniqueFd> web;  // listening TCP sockets named "web"
  UniqueFd control;           // a listening Unix stream socket named "control"
  UniqueFd state;
  UniqueFd keys;
  UniqueFd snapshot;
  UniqueFd pid_file;
  // Names of descriptors of another version, which were no sockets. They are closed already.
  std::vector<std::string> unknown;
};

// All kinds are empty if no socket unit started this process. The environment stays as it is, for
// an exec in place; children clear it (notify.hpp).
[[nodiscard]] Result<ListenFds> take_listen_fds();

}  // namespace chatd::sys
