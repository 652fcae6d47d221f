// SPDX-License-Identifier: GPL-3.0-or-later
// native_from.hpp — the sender of a native datagram, where to send the answer, and what is asked.
//
// Runs in:   gateway.
// Borrows:   the datagram's endpoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/base/address.hpp"
#include "daemon/chat/types.hpp"
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

// An opened packet of a member.
struct NativeOpened {
  chat::Slot slot;
  const NativeFrom& from;
  bool newest;
  chat::Now now;
};

// The questions of one packet, which are answered once.
struct NativeAsked {
  std::optional<std::uint16_t> size{};
  std::optional<std::uint64_t> path{};
  std::optional<std::uint64_t> saved{};  // a command offset
};

// A new address of a member, not validated yet.
struct NativePath {
  state::Delivery to;
  std::uint64_t challenge;
};

}  // namespace chatd::gateway
