// SPDX-License-Identifier: GPL-3.0-or-later
// pipe.hpp — a connected pair of ends that carry whole messages of any size.
//
// Runs in:   any two processes with a common ancestor that made the pipe (or one process).
// Owns:      an end owns its descriptor, one socket. After a fork both processes hold both
//            ends; each closes the one that it does not use, otherwise there is no end of file.
// Invariant: a message arrives whole or not at all; messages arrive in order.
// Errors:    ETIMEDOUT: the timeout passed. EPIPE: the other end is closed in every process
//            (reported at once when it has read everything, at the latest when the pipe is
//            full), or this end is not for sending.
// Crash:     a process killed in any call blocks no other process. A message that it was
//            sending, or had begun to receive, is dropped; the next one of another holder of
//            the same end arrives whole.
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

// One end of a pipe.
class PipeEnd {
 public:
  // A null receiver or sender: this end does not receive or send.
  PipeEnd(UniqueFd socket, std::unique_ptr<ChannelReceiver> receiver,
          std::unique_ptr<ChannelSender> sender) noexcept
      : socket_{std::move(socket)}, receiver_{std::move(receiver)}, sender_{std::move(sender)} {}

  // Copies the message. Blocks while 256 KiB are unread at the other end.
  [[nodiscard]] Result<> send(std::span<const std::byte> message, Timeout timeout = kForever);

  // Returns the next message; nullopt at end of file: no process holds the other end, and all its
  // messages have been received. After a timeout in the middle of a long message the next call
  // continues with the rest.
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(Timeout timeout = kForever);

  // For an event loop: readable when receive() will not block for the start of a message (or for
  // end of file). A handler calls receive(kNoWait), repeatedly until it times out to get all
  // messages. After a crash of another holder of this end, it can be readable without a message.
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
  void close() noexcept;
  // Processes forked from now on have neither direction of the memory of the pipe: only those that
  // were forked before can read or change what goes through it.
  [[nodiscard]] Result<> keep_out_of_children() const;

 private:
  UniqueFd socket_;
  std::unique_ptr<ChannelReceiver> receiver_;
  std::unique_ptr<ChannelSender> sender_;
};

enum class PipeKind : std::uint8_t {
  duplex,   // both ends send and receive
  one_way,  // the first end receives, the second sends
};

// Makes a pipe and returns its two ends; PipeKind describes them.
[[nodiscard]] Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind = PipeKind::duplex);

}  // namespace chatd::process
