// SPDX-License-Identifier: GPL-3.0-or-later
// receive_stream.hpp — puts a stream together again from datagrams that come late, twice or
// not at all.
//
// Runs in:   client. Pure.
// Owns:      a buffer of the window's size, made when the first byte comes.
// Invariant: bytes come out once, in order; what lies outside of the window is ignored, so a
//            hostile server costs no more memory than the window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "common/wire/native_frame.hpp"

namespace chatd::transport {

class ReceiveStream {
 public:
  ReceiveStream(std::uint64_t start, std::uint32_t window) : window_{window}, next_{start} {}

  // Forgets everything and begins at `start`.
  void restart(std::uint64_t start);

  struct Outcome {
    bool fresh{false};     // it held bytes that were not here yet
    bool new_hole{false};  // and left a hole before them that was not known
  };
  Outcome add(std::uint64_t offset, wire::Bytes bytes);
  // These bytes do not exist any more. True if reading goes on behind a jump.
  bool skip(std::uint64_t from, std::uint64_t to);

  // What is whole, from next() on.
  [[nodiscard]] wire::Bytes readable() const;
  void consume(std::size_t bytes);

  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
  // Everything below has come.
  [[nodiscard]] std::uint64_t cumulative() const noexcept { return next_ + whole_; }
  [[nodiscard]] bool has_holes() const noexcept { return !islands_.empty(); }
  // The ACK that tells all of this.
  [[nodiscard]] wire::AckFrame ack(std::uint8_t stream) const;

 private:
  void absorb();
  void place(std::uint64_t offset, wire::Bytes bytes);

  std::uint32_t window_;
  std::uint64_t next_;                   // the first byte in the buffer
  std::uint64_t whole_{0};               // so many bytes from there are here
  std::uint64_t origin_{0};              // the offset whose byte lies at the front of the buffer
  std::unique_ptr<std::byte[]> buffer_;  // no memory is used before something lies in it
  std::map<std::uint64_t, std::uint64_t> islands_;  // beyond the first hole: from -> to
};

}  // namespace chatd::transport
