// SPDX-License-Identifier: GPL-3.0-or-later
// receive_stream.hpp — reassembles a stream from datagrams that arrive late, twice or not at all.
//
// Runs in:   client. Pure.
// Owns:      a buffer of twice the window's size, allocated when the first byte arrives.
// Invariant: each byte is readable once, in order. Bytes outside of the window are ignored, so a
//            hostile server costs no more memory than the buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "common/wire/native/native_frame.hpp"

namespace chatd::transport {

class ReceiveStream {
 public:
  ReceiveStream(std::uint64_t start, std::uint32_t window) : window_{window}, next_{start} {}

  // Drops all bytes and begins at `start`.
  void restart(std::uint64_t start);

  struct Outcome {
    bool fresh{false};     // it held bytes that had not arrived yet
    bool new_hole{false};  // and there is a new hole before them
  };
  Outcome add(std::uint64_t offset, wire::Bytes bytes);
  // These bytes do not exist any more. True if next() jumps behind them.
  bool skip(std::uint64_t from, std::uint64_t to);

  // The bytes without a hole, from next() on.
  [[nodiscard]] wire::Bytes readable() const;
  void consume(std::size_t bytes);

  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
  // Every byte below has arrived.
  [[nodiscard]] std::uint64_t cumulative() const noexcept { return next_ + whole_; }
  [[nodiscard]] bool has_holes() const noexcept { return !islands_.empty(); }
  // The ACK of this state.
  [[nodiscard]] wire::AckFrame ack(std::uint8_t stream) const;

 private:
  void absorb();
  void place(std::uint64_t offset, wire::Bytes bytes);

  std::uint32_t window_;
  std::uint64_t next_;                   // the first byte in the buffer
  std::uint64_t whole_{0};               // bytes from next_ on that have arrived
  std::uint64_t origin_{0};              // the offset of the byte at the front of the buffer
  std::unique_ptr<std::byte[]> buffer_;  // null until the first byte arrives
  std::map<std::uint64_t, std::uint64_t>
      islands_;  // bytes that arrived beyond the first hole: from -> to
};

}  // namespace chatd::transport
