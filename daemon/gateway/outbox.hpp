// SPDX-License-Identifier: GPL-3.0-or-later
// outbox.hpp — the gateway's own replies: OK, EXIT, refusals, notices.
//
// Runs in:   gateway.
// Owns:      the bytes of each reply until it is sent. Borrows: the sockets, the counters.
// Invariant: every reply is a datagram of its own; flush() keeps their order. Nothing is
//            allocated after construction. A reply that the kernel does not take is counted
//            and lost, as any datagram may be; the client asks again.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/io/datagram_batch.hpp"
#include "common/wire/line_packer.hpp"
#include "common/wire/native_packet.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class Outbox {
 public:
  Outbox(std::span<const int> sockets, state::GatewayCounters& counters);

  // At most wire::kMaxTextDatagram bytes with the newline that a line-minded client gets.
  void put(const state::Delivery& to, std::string_view reply);
  // As they are; at most wire::kBaseDatagram.
  void put_bytes(const state::Delivery& to, std::span<const std::byte> datagram);
  void flush();

 private:
  using Bytes = std::array<std::byte, wire::kBaseDatagram>;
  struct Lane {
    int socket;
    io::DatagramWriter writer;
    std::vector<Bytes> bytes;
  };
  // Where the next reply over that socket is built; null for a socket that is no more.
  Lane* lane_for(const state::Delivery& to);
  void flush(Lane& lane);

  std::vector<Lane> lanes_;
  state::GatewayCounters& counters_;
};

}  // namespace chatd::gateway
