// SPDX-License-Identifier: GPL-3.0-or-later
// pipe_channel.hpp — one direction of a Pipe: a ring in shared memory and a wake-up socket.
//
// Runs in:   any two processes with a common ancestor that made the channel.
// Owns:      the shared memory.    Borrows: the end's socket; wake-up bytes come through it.
// Invariant: the receiver's socket is readable while the ring holds a record (or every
//            sender is closed). It can be readable without a record, for one call.
//
// Why not a socket alone: a message through a socket costs two system calls, whether or
// not the other side is awake. Here the sender sends a wake-up byte only when the ring was
// empty. The socket also shows that the other side is closed, which memory cannot; a sender
// that waits for space, and so sleeps on a futex, checks it every 100 ms.
//
// Kills: the wake-up byte is sent, and the sleeper woken, under the lock and before the change,
// for the reasons in wait_word.hpp. `wakeup_sent` is set after sending and cleared before
// draining, so a kill in between costs an unnecessary byte, never a missing one.
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

// The shared memory of a channel.
struct ChannelState {
  explicit ChannelState(std::size_t capacity) noexcept : ring{capacity} {}
  RobustMutex mutex;
  WaitWord space;                        // woken when the ring is half empty again
  std::atomic<bool> wakeup_sent{false};  // the receiver's socket has a byte
  RecordRing ring;                       // last: its bytes follow
};
// Shared by the two halves in the process that made both.
using ChannelMemory = std::shared_ptr<SharedObject<ChannelState>>;

// The sending half.
class ChannelSender {
 public:
  explicit ChannelSender(ChannelMemory memory) noexcept : memory_{std::move(memory)} {}
  [[nodiscard]] Result<> send(int socket, std::span<const std::byte> message,
                              const Deadline& deadline);
  [[nodiscard]] Result<> keep_out_of_children() const { return memory_->keep_out_of_children(); }

 private:
  [[nodiscard]] Result<> send_part(int socket, RecordRing::Bytes header, RecordRing::Bytes part,
                                   const Deadline& deadline);

  ChannelMemory memory_;
};

// The receiving half.
class ChannelReceiver {
 public:
  explicit ChannelReceiver(ChannelMemory memory) noexcept : memory_{std::move(memory)} {}
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(int socket,
                                                                      const Deadline& deadline);
  [[nodiscard]] Result<> keep_out_of_children() const { return memory_->keep_out_of_children(); }

 private:
  [[nodiscard]] Result<bool> receive_part(int socket, const Deadline& deadline);  // false: end
  void take_front(ChannelState& state, int socket);

  ChannelMemory memory_;
  std::vector<std::byte> message_;     // the received part of a message
  std::optional<std::size_t> length_;  // of the whole message; nullopt: none begun
};

[[nodiscard]] Result<std::pair<ChannelReceiver, ChannelSender>> make_channel();

}  // namespace chatd::process
