// SPDX-License-Identifier: GPL-3.0-or-later
// packet_loss.hpp — loses packets at random at the socket that receives them.
//
// Runs in:   test programs and benchmarks.
#pragma once

namespace chatd::test {

// Makes the kernel drop each packet for this socket with the probability `share`: a datagram, or
// (as root) a TCP segment, which its sender repeats. False: the kernel refuses.
[[nodiscard]] bool lose_at(int fd, double share);

}  // namespace chatd::test
