// SPDX-License-Identifier: GPL-3.0-or-later
// pipe_channel.hpp — one direction of a Pipe: a ring of shared memory and a bell.
//
// Runs in:   any two processes with a common ancestor that made the channel.
// Owns:      the shared memory.    Borrows: the end's socket, whose other side is the bell.
// Invariant: the receiver's socket is readable while the ring holds a record (or every
//            sender is gone). Now and then it is readable without a record, for one call.
//
// Why not a socket alone: a message through a socket costs two system calls, whether or
// not the other side is awake. Here the sender rings (one byte) only when the ring was
// empty. The socket also tells when the other side is gone, which memory cannot; a sender
// that waits for room, and so sleeps on a futex, looks at it every 100 ms.
//
// Kills: the bell is rung, and the sleeper woken, under the lock and before the change, for
// the reasons in wait_word.hpp. `rung` is set after ringing and cleared before silencing,
// so a kill in between costs a needless byte, never a missing one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/record_ring.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

struct ChannelState {
  explicit ChannelState(std::size_t capacity) noexcept : ring{capacity} {}
  RobustMutex mutex;
  WaitWord room;                  // woken when the ring is half empty again
  std::atomic<bool> rung{false};  // the receiver's socket has a byte
  RecordRing ring;                // last: its bytes follow
};
// Shared by the two halves in the process that made both.
using ChannelMemory = std::shared_ptr<SharedObject<ChannelState>>;

class ChannelSender {
 public:
  explicit ChannelSender(ChannelMemory memory) noexcept : memory_{std::move(memory)} {}
  [[nodiscard]] Result<> send(int socket, std::span<const std::byte> message,
                              const Deadline& deadline);

 private:
  [[nodiscard]] Result<> send_part(int socket, RecordRing::Bytes header, RecordRing::Bytes part,
                                   const Deadline& deadline);

  ChannelMemory memory_;
};

class ChannelReceiver {
 public:
  explicit ChannelReceiver(ChannelMemory memory) noexcept : memory_{std::move(memory)} {}
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(int socket,
                                                                      const Deadline& deadline);

 private:
  [[nodiscard]] Result<bool> receive_part(int socket, const Deadline& deadline);  // false: end
  void take_front(ChannelState& state, int socket);

  ChannelMemory memory_;
  std::vector<std::byte> message_;     // as far as it has come
  std::optional<std::size_t> length_;  // of the whole message; nullopt: none begun
};

[[nodiscard]] Result<std::pair<ChannelReceiver, ChannelSender>> make_channel();

}  // namespace chatd::process
