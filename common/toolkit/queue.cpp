// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/queue.hpp"

#include <limits>

namespace chatd::process {

Result<QueueCore> QueueCore::create(std::size_t max_items, std::size_t item_size) {
  const std::size_t each = RecordRing::footprint(item_size);
  if (max_items == 0) return fail(Error{"make a queue: it must hold at least one item", EINVAL});
  if (max_items > std::numeric_limits<std::ptrdiff_t>::max() / 2 / each) {
    return fail(Error::from_errno("make a queue", ENOMEM));
  }
  const std::size_t capacity = RecordRing::capacity_for(max_items * each);
  auto state = SharedObject<State>::create(capacity, capacity);
  if (!state) return fail(std::move(state).error().within("make a queue"));
  return QueueCore{std::move(*state), max_items, item_size};
}

Result<> QueueCore::put(std::span<const std::byte> item, Timeout timeout) {
  const Deadline deadline{timeout};
  State& state = *state_;
  for (;;) {
    if (!state.mutex.lock(deadline)) return fail(timed_out("put"));
    if (state.closed.load(std::memory_order_relaxed)) {
      state.mutex.unlock();
      return fail(Error{"put: the queue is closed", EPIPE});
    }
    if (size() < max_items_) {
      state.ring.prepare({item});
      state.items.wake_all();
      state.ring.commit();
      state.mutex.unlock();
      return {};
    }
    const auto ticket = state.places.enroll();
    state.mutex.unlock();
    if (!state.places.wait(ticket, deadline)) return fail(timed_out("put"));
  }
}

Result<bool> QueueCore::get(std::span<std::byte> item, Timeout timeout) {
  const Deadline deadline{timeout};
  State& state = *state_;
  for (;;) {
    if (!state.mutex.lock(deadline)) return fail(timed_out("get"));
    if (!state.ring.is_empty()) {
      state.ring.copy_front(item);
      state.places.wake_all();
      state.ring.remove_front();
      state.mutex.unlock();
      return true;
    }
    const bool closed = state.closed.load(std::memory_order_relaxed);
    const auto ticket = state.items.enroll();
    state.mutex.unlock();
    if (closed) return false;
    if (!state.items.wait(ticket, deadline)) return fail(timed_out("get"));
  }
}

void QueueCore::close() noexcept {
  State& state = *state_;
  state.mutex.lock();
  state.items.wake_all();
  state.places.wake_all();
  publish(state.closed, true);
  state.mutex.unlock();
}

bool QueueCore::is_closed() const noexcept {
  return state_->closed.load(std::memory_order_acquire);
}

std::size_t QueueCore::size() const noexcept {
  return state_->ring.used() / RecordRing::footprint(item_size_);
}

}  // namespace chatd::process
