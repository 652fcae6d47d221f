// SPDX-License-Identifier: GPL-3.0-or-later
// native_from.hpp — the sender of a native datagram, and where to send the answer.
//
// Runs in:   gateway.
// Borrows:   the datagram's endpoint.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/address.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

struct NativeFrom {
  const Endpoint& peer;
  IpAddress via;  // the server's address to which it was sent
  std::uint16_t socket;
  std::size_t bytes;
  [[nodiscard]] state::Delivery reply_to() const {
    return {.peer = peer, .local = via, .socket = socket, .newline = 0, .unproved = 0};
  }
};

// A new address of a member, not validated yet.
struct NativePath {
  state::Delivery to;
  std::uint64_t challenge;
};

}  // namespace chatd::gateway
