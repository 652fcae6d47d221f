// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/event.hpp"

namespace chatd::process {

Result<Event> Event::create() {
  auto state = SharedObject<State>::create(0);
  if (!state) return fail(std::move(state).error().within("make an event"));
  return Event{std::move(*state)};
}

void Event::change_to(bool wanted) noexcept {
  State& state = *state_;
  state.mutex.lock();
  const auto changes = state.changes.load(std::memory_order_relaxed);
  if (is_set(changes) != wanted) {
    if (wanted) state.changed.wake_all();
    publish(state.changes, changes + 1);
  }
  state.mutex.unlock();
}

void Event::set() noexcept { change_to(true); }
void Event::clear() noexcept { change_to(false); }

bool Event::is_set() const noexcept {
  return is_set(state_->changes.load(std::memory_order_acquire));
}

bool Event::wait(Timeout timeout) noexcept {
  if (is_set()) return true;
  const Deadline deadline{timeout};
  State& state = *state_;
  std::uint64_t first = 0;
  for (bool looked_before = false;; looked_before = true) {
    if (!state.mutex.lock(deadline)) return false;
    const auto changes = state.changes.load(std::memory_order_relaxed);
    if (!looked_before) first = changes;
    const bool was_set = is_set(changes) || changes != first;
    const auto ticket = state.changed.enroll();
    state.mutex.unlock();
    if (was_set) return true;
    if (!state.changed.wait(ticket, deadline)) return is_set();
  }
}

}  // namespace chatd::process
