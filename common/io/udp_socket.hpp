// SPDX-License-Identifier: GPL-3.0-or-later
// udp_socket.hpp — opens a datagram socket and reads its error queue.
//
// Runs in:   supervisor opens (before any fork, so that a dead process loses no queued
//            datagram); gateway reads; gateway and workers send.
// Owns:      nothing; the caller keeps the descriptor.
#pragma once

#include <functional>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// Bound, non-blocking, close-on-exec, IPv6 without IPv4-mapped addresses, large buffers
// where the kernel allows them. `where` may have port 0. Errors name the endpoint.
[[nodiscard]] Result<UniqueFd> open_udp_socket(const Endpoint& where);

// Whether the ICMP errors of unconnected sends are kept for us, so that a closed port is
// noticed. Not on a socket that systemd polls while no service runs: an error that nobody has
// read makes it give the socket up (systemd 252, "Got unexpected poll event").
enum class SendErrors : bool { passed_over, kept };
// What every socket needs, also one that systemd opened: the destination address of each
// datagram (so that a reply leaves from the address the client used), and that none is cut into
// fragments: one that does not fit its path is lost, which is how the largest size that fits is
// found (RFC 8899). A datagram that cannot be cut needs no number of its own either, and to draw
// one is a tenth of the cost of sending (ip_select_ident() in the kernel).
[[nodiscard]] Result<> prepare_udp_socket(int fd, SendErrors errors = SendErrors::kept);

[[nodiscard]] bool keeps_send_errors(int fd);

// Where the socket is bound, with the port that the kernel chose.
[[nodiscard]] Result<Endpoint> local_endpoint(int fd);

// Whether this machine has that address now: the kernel lets a socket be bound to it.
[[nodiscard]] bool is_own_address(const IpAddress& address);

// Hands out the destinations that answered "port unreachable" since the last call and
// empties the queue. An error that another address sent is not the destination's answer, and other
// ICMP errors are transient by nature (RFC 1122, 4.2.3.9): both are only taken off the queue.
void drain_unreachable(int fd, const std::function<void(const Endpoint&)>& on_unreachable);

}  // namespace chatd::io
