// SPDX-License-Identifier: GPL-3.0-or-later
// stream_dialect.hpp — the client side of the protocols over TCP.
//
// Runs in:   benchmarks. Pure: bytes in, bytes and events out.
// See:       RFC 1459 and 2812 (IRC), OASIS MQTT 3.1.1, docs.nats.io (protocol), redis.io (RESP2).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/bench/members.hpp"

namespace chatd::bench {

// The state of one connection.
class StreamDialect {
 public:
  struct Output {
    std::string& reply;  // bytes to send in reply are appended
    bool& ready;         // set when the connection has joined the room
    const std::function<void(const Payload&)>& message;
  };
  virtual ~StreamDialect() = default;
  // The first bytes of the client; "" if the server sends first.
  [[nodiscard]] virtual std::string greeting() const = 0;
  // Appends a message with this payload.
  virtual void put_message(std::string& out, std::string_view payload) = 0;
  // Handles all complete messages at the front of `bytes`; returns how many bytes they have.
  [[nodiscard]] virtual std::size_t take(std::string_view bytes, const Output& output) = 0;
};

struct StreamRole {
  std::string name;
  bool publishes{false};
  // The room of the member: a channel (IRC, where the name has a # in front, and Redis), a topic
  // (MQTT) or a subject (NATS). A publisher sends in it.
  std::string room{"room"};
};
[[nodiscard]] std::unique_ptr<StreamDialect> make_stream_dialect(Dialect dialect,
                                                                 const StreamRole& role);
// The number of members that receive one message: publishers do in some protocols.
[[nodiscard]] std::uint64_t stream_receivers(Dialect dialect, const MembersOptions& options);

}  // namespace chatd::bench
