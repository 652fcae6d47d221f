// SPDX-License-Identifier: GPL-3.0-or-later
// udp_socket.hpp — opens a datagram socket and reads its error queue.
//
// Runs in:   supervisor opens (before any fork, so that queued datagrams survive a dead
//            process); gateway reads; gateway and workers send.
// Owns:      nothing; the caller keeps the descriptor.
#pragma once

#include <functional>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// Opens a bound, non-blocking, close-on-exec socket, IPv6 without IPv4-mapped addresses, with large
// buffers where the kernel allows them. `where` may have port 0. Errors name the endpoint.
[[nodiscard]] Result<UniqueFd> open_udp_socket(const Endpoint& where);

// Whether the kernel keeps the ICMP errors of unconnected sends, so that a closed port is noticed.
// `passed_over` for a socket that systemd polls while no service runs: an unread error makes
// systemd stop polling the socket (systemd 252, "Got unexpected poll event").
enum class SendErrors : bool { passed_over, kept };
// Sets the options of every socket, also of one that systemd opened. First, each datagram is
// received with its destination address (so that a reply leaves from the address the client used).
// Second, no datagram is fragmented: a datagram that does not fit its path is lost, which is how
// the largest size that fits is found (RFC 8899). Such a datagram needs no identification number,
// which saves a tenth of the cost of sending (ip_select_ident() in the kernel).
[[nodiscard]] Result<> prepare_udp_socket(int fd, SendErrors errors = SendErrors::kept);

// Reads the option back.
[[nodiscard]] bool keeps_send_errors(int fd);

// The address of the socket, with the port that the kernel chose.
[[nodiscard]] Result<Endpoint> local_endpoint(int fd);

// Does this machine have that address now? True if the kernel lets a socket be bound to it.
[[nodiscard]] bool is_own_address(const IpAddress& address);

// Calls `on_unreachable` for each destination that answered "port unreachable" since the last call,
// and empties the queue. Ignores an error that another address sent, since it is not the
// destination's answer, and other ICMP errors, which are transient (RFC 1122, 4.2.3.9).
void drain_unreachable(int fd, const std::function<void(const Endpoint&)>& on_unreachable);

}  // namespace chatd::io
