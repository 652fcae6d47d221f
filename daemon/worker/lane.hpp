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
#include <functional>
#include <span>
#include <vector>

#include "common/base/time.hpp"
#include "common/io/datagram_batch.hpp"
#include "daemon/state/latency.hpp"

namespace chatd::worker {

// The offset that a member has reached in a stream when a datagram, or a run of them, is sent.
struct Mark {
  std::atomic<std::uint64_t>* sent;
  std::uint64_t value;
};
// Read when the kernel has taken datagrams; an argument for tests.
using WallClock = std::function<WallTime()>;

// The values to store and to count when a datagram, or a run of them, is sent.
struct Handed {
  std::span<const Mark> marks{};  // at most Lane::kMaxMarks, copied
  std::uint64_t lines{0};
  std::uint64_t datagrams{1};
  // When the oldest message in it was appended, in microseconds since 1970, and where its time is
  // counted. Null: it is not timed.
  std::int64_t appended{0};
  state::Histogram* latency{nullptr};
};

class Lane {
 public:
  static constexpr std::size_t kMaxMarks = 40;

  explicit Lane(int socket, WallClock clock = &wall_now);

  [[nodiscard]] int socket() const noexcept { return socket_; }
  [[nodiscard]] bool is_blocked() const noexcept { return blocked_; }
  void unblock() noexcept { blocked_ = false; }
  [[nodiscard]] bool is_empty() const noexcept { return writer_.size() == 0; }
  [[nodiscard]] bool is_full() const noexcept {
    return writer_.is_full() || marks_.size() > kMarksPerCall - kMaxMarks;
  }

  // `bytes` are borrowed until the next flush(). Not when full.
  void add(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
           std::size_t each, const Handed& handed);

  // Buffer for sealed packets, valid until the next flush(); empty: flush() is needed first.
  [[nodiscard]] std::span<std::byte> room(std::size_t bytes) noexcept;
  // Keeps the first `bytes` of that buffer until the next flush().
  void keep(std::size_t bytes) noexcept { used_ += bytes; }

  void flush(state::WorkerCounters& counters);

 private:
  // Enough for 64 runs of up to three streams each; there are more in a run only seldom.
  static constexpr std::size_t kMarksPerCall = 256;
  struct Entry {
    std::size_t marks;
    std::uint64_t lines;
    std::uint64_t datagrams;
  };
  // Entries in a row, from `first` on, whose oldest message is the same one.
  struct Timed {
    std::size_t first;
    std::int64_t appended;
    state::Histogram* latency;
  };
  void begin_timed(const Handed& handed);
  void observe(std::size_t sent);

  int socket_;
  WallClock clock_;
  bool blocked_{false};
  std::size_t used_{0};
  io::DatagramWriter writer_;
  std::vector<Entry> entries_;  // of the datagrams and runs in writer_
  std::vector<Mark> marks_;     // of all entries, in their order
  std::vector<Timed> timed_;    // empty: no entry is timed
  std::vector<std::byte> arena_;
};

}  // namespace chatd::worker
