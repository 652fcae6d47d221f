// SPDX-License-Identifier: GPL-3.0-or-later
// pipe.hpp — a connected pair of ends that carry whole messages of any size.
//
// Runs in:   any two processes with a common ancestor that made the pipe (or one process).
// Owns:      an end owns its descriptor. After a fork both processes hold both ends; each
//            closes the one that it does not use, or end of file is never seen.
// Invariant: a message arrives whole or not at all; messages arrive in order.
// Errors:    ETIMEDOUT: the time-out passed. EPIPE: the other end is closed everywhere.
// Crash:     a sender that is killed inside a long message: that message is dropped, the
//            next one of another holder of the end arrives whole.
//
// One sender and one receiver at a time for each direction.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/deadline.hpp"

namespace chatd::process {

class PipeEnd {
 public:
  explicit PipeEnd(UniqueFd socket) noexcept : socket_{std::move(socket)} {}

  // Copies the message. Blocks while the other side is behind by about 200 kB.
  [[nodiscard]] Result<> send(std::span<const std::byte> message, Timeout timeout = kForever);

  // The next message; nullopt at end of file: nobody holds the other end any more, and all
  // that it sent has been received. After a time-out in the middle of a long message the
  // next call goes on where this one stopped.
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(Timeout timeout = kForever);

  // For an event loop: readable when receive() will not block for the start of a message
  // (or to report end of file).
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
  void close() noexcept { socket_.reset(); }

 private:
  // What one packet brought: false when it was end of file.
  [[nodiscard]] Result<bool> receive_packet(const Deadline& deadline);

  UniqueFd socket_;
  std::vector<std::byte> packet_;
  std::vector<std::byte> message_;     // as far as it has come
  std::optional<std::size_t> length_;  // of message_ when complete; nullopt: none begun
};

enum class PipeKind {
  duplex,   // both ends send and receive
  one_way,  // the first end receives, the second sends
};

[[nodiscard]] Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind = PipeKind::duplex);

}  // namespace chatd::process
