// SPDX-License-Identifier: GPL-3.0-or-later
// whole_datagram.hpp — sends one datagram that no router may cut.
//
// Runs in:   gateway, to find how long datagrams may be.
#pragma once

#include <cstddef>
#include <span>

#include "common/base/address.hpp"

namespace chatd::io {

// With "don't fragment" set and whatever the kernel believes of the path, ip(7)
// IP_PMTUDISC_PROBE. Only for this datagram: the socket, which others use at the same time,
// gets its own setting back at once, so that a line in between may at worst be lost as any
// datagram. False: not sent, too long for the first network already, say.
bool send_whole(int fd, const Endpoint& to, const IpAddress& from,
                std::span<const std::byte> bytes) noexcept;

}  // namespace chatd::io
