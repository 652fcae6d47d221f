// SPDX-License-Identifier: GPL-3.0-or-later
// outbox.hpp — a queue of replies that the gateway sends itself: OK, EXIT, refusals, notices.
//
// Runs in:   gateway.
// Owns:      the bytes of each reply until it is sent. Borrows: the sockets, the counters.
// Invariant: every reply is one datagram; flush() keeps their order. Nothing is allocated after
//            construction. A reply that the kernel does not accept is counted and lost, as any
//            datagram may be lost; the client asks again.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/io/datagram_batch.hpp"
#include "common/wire/native/native_packet.hpp"
#include "common/wire/text/line_packer.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class Outbox {
 public:
  Outbox(std::span<const int> sockets, state::GatewayCounters& counters);

  // Queues a text reply; a full queue is sent first. The reply is cut to
  // wire::kMaxTextDatagram bytes, including the newline for clients with `to.newline`.
  void put(const state::Delivery& to, std::string_view reply);
  // Queues the bytes without change; at most wire::kBaseDatagram bytes.
  void put_bytes(const state::Delivery& to, std::span<const std::byte> datagram);
  // Sends everything that is queued.
  void flush();

 private:
  using Bytes = std::array<std::byte, wire::kBaseDatagram>;
  struct SocketQueue {  // one for each server socket
    int socket;
    io::DatagramWriter writer;
    std::vector<Bytes> bytes;
  };
  // The queue of the socket `to.socket`, with a free slot; null: this service has no such socket.
  SocketQueue* queue_for(const state::Delivery& to);
  void flush(SocketQueue& queue);

  std::vector<SocketQueue> queues_;
  state::GatewayCounters& counters_;
};

}  // namespace chatd::gateway
