// SPDX-License-Identifier: GPL-3.0-or-later
// pipe_channel.hpp — one direction of a Pipe: a ring of shared memory and a pair of bells.
//
// Runs in:   any two processes with a common ancestor that made the channel.
// Owns:      each half its socket; both the shared memory.
// Invariant: the receiver's socket is readable while the ring holds a record (or every
//            sender is gone). Now and then it is readable without a record, for one call.
//
// Why not a socket alone: a message through a socket costs two system calls, whether or
// not the other side is awake. Here the sender rings (one byte) only when the ring was
// empty, the receiver only when a sender waits for room; the sockets also tell when the
// other side is gone, which memory cannot.
//
// Kills: the bell is rung under the lock and before the record is committed, for the
// reasons in wait_word.hpp. `rung` is set after ringing and cleared before silencing, so
// a kill in between costs a needless byte, never a missing one.
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
#include "common/base/unique_fd.hpp"
#include "common/process/deadline.hpp"
#include "common/process/record_ring.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"

namespace chatd::process {

struct ChannelState {
  explicit ChannelState(std::size_t capacity) noexcept : ring{capacity} {}
  RobustMutex mutex;
  std::atomic<bool> rung{false};          // the receiver's socket has a byte
  std::atomic<bool> sender_waits{false};  // for the ring to be half empty
  RecordRing ring;                        // last: its bytes follow
};
// Shared by the two halves in the process that made both.
using ChannelMemory = std::shared_ptr<SharedObject<ChannelState>>;

class ChannelSender {
 public:
  ChannelSender(ChannelMemory memory, UniqueFd socket) noexcept
      : memory_{std::move(memory)}, socket_{std::move(socket)} {}
  [[nodiscard]] Result<> send(std::span<const std::byte> message, const Deadline& deadline);
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }

 private:
  [[nodiscard]] Result<> send_part(RecordRing::Bytes header, RecordRing::Bytes part,
                                   const Deadline& deadline);
  [[nodiscard]] Result<> wait_for_room(const Deadline& deadline);

  ChannelMemory memory_;
  UniqueFd socket_;
};

class ChannelReceiver {
 public:
  ChannelReceiver(ChannelMemory memory, UniqueFd socket) noexcept
      : memory_{std::move(memory)}, socket_{std::move(socket)} {}
  [[nodiscard]] Result<std::optional<std::vector<std::byte>>> receive(const Deadline& deadline);
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }

 private:
  [[nodiscard]] Result<bool> receive_part(const Deadline& deadline);  // false: end of file
  void take_front(ChannelState& state);

  ChannelMemory memory_;
  UniqueFd socket_;
  std::vector<std::byte> message_;     // as far as it has come
  std::optional<std::size_t> length_;  // of the whole message; nullopt: none begun
};

[[nodiscard]] Result<std::pair<ChannelReceiver, ChannelSender>> make_channel();

}  // namespace chatd::process
