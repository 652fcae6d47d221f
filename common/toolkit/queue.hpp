// SPDX-License-Identifier: GPL-3.0-or-later
// queue.hpp — a bounded queue of plain values, many writers, many readers, across processes.
//
// Runs in:   every process forked after create(), any thread.
// Owns:      anonymous shared memory; no name, no descriptor.
// Invariant: first in, first out; each item is got once.
// Errors:    ETIMEDOUT: still full (put) or empty (get). EPIPE: put() after close().
// Crash:     a process killed inside put() has put its item or not; one killed inside
//            get() may lose the item that it was getting. No other item is lost,
//            doubled or damaged, and no other process waits for the dead one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/record_ring.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

// The queue without its type: items of one size.
class QueueCore {
 public:
  [[nodiscard]] static Result<QueueCore> create(std::size_t max_items, std::size_t item_size);
  [[nodiscard]] Result<> put(std::span<const std::byte> item, Timeout timeout);
  [[nodiscard]] Result<bool> get(std::span<std::byte> item, Timeout timeout);  // false: closed
  void close() noexcept;
  [[nodiscard]] bool is_closed() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t max_items() const noexcept { return max_items_; }

 private:
  struct State {
    explicit State(std::size_t capacity) noexcept : ring{capacity} {}
    RobustMutex mutex;
    WaitWord items;
    WaitWord places;
    std::atomic<bool> closed{false};
    RecordRing ring;  // last: its bytes follow
  };
  QueueCore(SharedObject<State> state, std::size_t max_items, std::size_t item_size) noexcept
      : state_{std::move(state)}, max_items_{max_items}, item_size_{item_size} {}

  SharedObject<State> state_;
  std::size_t max_items_;
  std::size_t item_size_;
};

// A queue of trivially copyable values.
template <class T>
class Queue {
  static_assert(std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>,
                "only plain values can be queued between processes; a Pipe carries any bytes");

 public:
  // At most `max_items` at a time, at least 1.
  [[nodiscard]] static Result<Queue> create(std::size_t max_items) {
    auto core = QueueCore::create(max_items, sizeof(T));
    if (!core) return fail(std::move(core).error());
    return Queue{std::move(*core)};
  }

  // Copies the item; waits while the queue is full.
  [[nodiscard]] Result<> put(const T& item, Timeout timeout = kForever) {
    return core_.put(std::as_bytes(std::span{&item, 1}), timeout);
  }
  // Takes the oldest item; waits while the queue is empty. nullopt: closed and empty.
  [[nodiscard]] Result<std::optional<T>> get(Timeout timeout = kForever) {
    T item{};
    auto got = core_.get(std::as_writable_bytes(std::span{&item, 1}), timeout);
    if (!got) return fail(std::move(got).error());
    if (!*got) return std::nullopt;
    return item;
  }

  // Closes the queue for all processes: no more items; the queued ones can still be got.
  void close() noexcept { core_.close(); }
  [[nodiscard]] bool is_closed() const noexcept { return core_.is_closed(); }
  // The value of one moment; other processes put and get at the same time.
  [[nodiscard]] std::size_t size() const noexcept { return core_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] bool full() const noexcept { return size() >= core_.max_items(); }

 private:
  explicit Queue(QueueCore core) noexcept : core_{std::move(core)} {}
  QueueCore core_;
};

}  // namespace chatd::process
