// SPDX-License-Identifier: GPL-3.0-or-later
// packet_loss.hpp — a network that loses packets, at the socket that they are for.
//
// Runs in:   test programs and benchmarks.
#pragma once

namespace chatd::test {

// From now on the kernel drops each packet that comes for this socket with this probability:
// a datagram, or (as root) a segment of TCP, which its sender repeats. False: it will not.
[[nodiscard]] bool lose_at(int fd, double share);

}  // namespace chatd::test
