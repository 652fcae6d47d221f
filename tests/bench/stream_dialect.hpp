// SPDX-License-Identifier: GPL-3.0-or-later
// stream_dialect.hpp — what is said to the servers that speak over TCP, and how they answer.
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

// One connection's side of it.
class StreamDialect {
 public:
  struct Heard {
    std::string& reply;  // what is to be sent in answer is put behind
    bool& ready;         // set when the connection is in the room
    const std::function<void(const Payload&)>& message;
  };
  virtual ~StreamDialect() = default;
  // What the client says first; "" where the server begins.
  [[nodiscard]] virtual std::string greeting() const = 0;
  virtual void put_message(std::string& out, std::string_view payload) = 0;
  // Takes what is whole from the front of `bytes`; how much it was.
  [[nodiscard]] virtual std::size_t take(std::string_view bytes, const Heard& heard) = 0;
};

struct StreamRole {
  std::string name;
  bool publishes{false};
};
[[nodiscard]] std::unique_ptr<StreamDialect> make_stream_dialect(Dialect dialect,
                                                                 const StreamRole& role);
// Does a publisher hear the other publishers? And itself?
[[nodiscard]] std::uint64_t stream_hearers(Dialect dialect, const MembersOptions& options);

}  // namespace chatd::bench
