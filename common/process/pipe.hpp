// SPDX-License-Identifier: GPL-3.0-or-later
// pipe.hpp — a connected pair of ends that carry whole messages of any size.
//
// Runs in:   any two processes with a common ancestor that made the pipe (or one process).
// Owns:      an end owns its descriptor, one socket. After a fork both processes hold both ends;
// each
//            closes the one that it does not use, or end of file is never seen.
// Invariant: a message arrives whole or not at all; messages arrive in order.
// Errors:    ETIMEDOUT: the time-out passed. EPIPE: the other end is closed everywhere
//            (told at once when it has read everything, at the latest when the pipe is
//            full), or this end is not for sending.
// Crash:     a process killed in any call wedges nobody. A message that it was sending, or
//            had begun to receive, is dropped; the next one of another holder of the same
//            end arrives whole.
//
// One sender and one receiver at a time for each direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/deadline.hpp"
#include "common/process/pipe_channel.hpp"

namespace chatd::process {

class PipeEnd {
 public:
  // Null: this end does not do that.
  PipeEnd(UniqueFd socket, std::unique_ptr<ChannelReceiver> receiver,
          std::unique_ptr<ChannelSender> sender) noexcept
      : socket_{std::move(socket)}, receiver_{std::move(receiver)}, sender_{std::move(sender)} {}

  // Copies the message. Blocks while the other side is behind by 256 KiB.
  [[nodiscard]] Result<> send(std::span<const std::byte> message, Timeout timeout = kForever);

  // The next message; nullopt at end of file: nobody holds the other end any more, and all
  // that it sent has been received. After a time-out in the middle of a long message the
  // next call goes on where this one stopped.
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(Timeout timeout = kForever);

  // For an event loop: readable when receive() will not block for the start of a message
  // (or to report end of file). A handler calls receive(kNoWait), until it times out if it
  // wants everything: after a crash of a co-holder a wake-up can be for nothing.
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
  void close() noexcept;

 private:
  UniqueFd socket_;
  std::unique_ptr<ChannelReceiver> receiver_;
  std::unique_ptr<ChannelSender> sender_;
};

enum class PipeKind : std::uint8_t {
  duplex,   // both ends send and receive
  one_way,  // the first end receives, the second sends
};

[[nodiscard]] Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind = PipeKind::duplex);

}  // namespace chatd::process
