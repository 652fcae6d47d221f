// SPDX-License-Identifier: GPL-3.0-or-later
// lane.hpp — the datagrams to be sent through one socket, and the offsets to store when they are.
//
// Runs in:   worker.
// Owns:      the arena of sealed packets. Borrows: the socket, text lines, the `sent` offsets in
//            shared memory.
// Invariant: a member's `sent` moves only after the kernel took the datagram, so a worker
//            killed at any instruction repeats at most the datagrams of one flush(). Nothing is
//            allocated after construction.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/io/datagram_batch.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::worker {

// The offsets that a member has reached when a datagram, or a run of them, is sent.
struct Handed {
  struct Mark {
    std::atomic<std::uint64_t>* word{nullptr};
    std::uint64_t value{0};
  };
  Mark room{};
  Mark mailbox{};
  std::uint64_t lines{0};
  std::uint64_t datagrams{1};
};

class Lane {
 public:
  explicit Lane(int socket);

  [[nodiscard]] int socket() const noexcept { return socket_; }
  [[nodiscard]] bool is_blocked() const noexcept { return blocked_; }
  void unblock() noexcept { blocked_ = false; }
  [[nodiscard]] bool is_empty() const noexcept { return writer_.size() == 0; }
  [[nodiscard]] bool is_full() const noexcept { return writer_.is_full(); }

  // `bytes` are borrowed until the next flush(). Not when full.
  void add(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
           std::size_t each, const Handed& handed);

  // Buffer for sealed packets, valid until the next flush(); empty: flush() is needed first.
  [[nodiscard]] std::span<std::byte> room(std::size_t bytes) noexcept;
  // Keeps the first `bytes` of that buffer until the next flush().
  void keep(std::size_t bytes) noexcept { used_ += bytes; }

  void flush(state::WorkerCounters& counters) noexcept;

 private:
  int socket_;
  bool blocked_{false};
  std::size_t used_{0};
  io::DatagramWriter writer_;
  std::vector<Handed> handed_;
  std::vector<std::byte> arena_;
};

}  // namespace chatd::worker
