// SPDX-License-Identifier: GPL-3.0-or-later
// limits.hpp — the limits of requests: how many at once, how large, how slow.
//
// Runs in:   web. Pure: the time is an argument.
// Invariant: a connection carries one request. It is one of at most `connections`, and, unless its
//            peer is loopback or a listed proxy, one of at most `per_network` of its network, until
//            its response is sent. A request that came through a proxy is counted for the network
//            of its client, as soon as it is read. A connection ends at its deadline whatever its
//            peer does. A stream that was taken over is not counted here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/time.hpp"

namespace chatd::http {

struct Limits {
  std::size_t header_bytes{8192};  // the request line and all headers
  std::size_t body_bytes{16'384};
  std::size_t connections{1000};
  std::size_t per_network{64};
  std::chrono::milliseconds request{5000};  // from the connection to the end of the request
  // The same while all connections are in use, so that slow senders do not keep others out.
  std::chrono::milliseconds request_if_full{1000};
  std::chrono::milliseconds response{
      30'000};  // from the end of the request to that of the response
};

// The connections that have no answer yet.
class Connections {
 public:
  using Id = std::uint64_t;
  explicit Connections(const Limits& limits) : limits_{limits} {}

  // `is_counted`: the limit of a network applies. nullopt: the network has too many.
  [[nodiscard]] std::optional<Id> add(const IpAddress& peer, bool is_counted, MonoTime now);
  // The request has arrived: the time for the response begins.
  void answer(Id id, MonoTime now);
  // The request came from this client, through a proxy. False: its network has too many; the
  // connection is not counted for it.
  [[nodiscard]] bool count_for(Id id, const IpAddress& client);
  void remove(Id id);

  [[nodiscard]] std::size_t count() const noexcept { return connections_.size(); }
  [[nodiscard]] bool is_full() const noexcept { return count() >= limits_.connections; }
  // The connections whose time is over.
  [[nodiscard]] std::vector<Id> late(MonoTime now) const;

 private:
  [[nodiscard]] bool has_place(const IpAddress& network) const;
  struct Connection {
    IpAddress network{};
    bool is_counted{};
    bool is_answered{};
    MonoTime since{};
  };
  Limits limits_;
  Id next_{1};
  std::unordered_map<Id, Connection> connections_;
};

}  // namespace chatd::http
