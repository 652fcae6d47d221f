// SPDX-License-Identifier: GPL-3.0-or-later
// tcp_socket.hpp — opens a listening TCP socket.
//
// Runs in:   supervisor, before any fork, so that connections wait while a process is replaced;
//            listen_again() in web.
// Owns:      nothing; the caller keeps the descriptor.
#pragma once

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// Opens a listening, non-blocking, close-on-exec socket, IPv6 without IPv4-mapped addresses.
// `where` may have port 0. Errors name the endpoint.
[[nodiscard]] Result<UniqueFd> listen_tcp(const Endpoint& where);

// For a socket of this kind that another process may have shut down: it listens again, on its
// address. Does nothing if it listens.
[[nodiscard]] Result<> listen_again(int fd);

}  // namespace chatd::io
