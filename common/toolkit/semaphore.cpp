// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/semaphore.hpp"

namespace chatd::process {

Result<Semaphore> Semaphore::create(std::uint32_t value) {
  if (value > kMaxValue) return fail(Error::from_errno("make a semaphore", EOVERFLOW));
  auto state = SharedObject<State>::create(0);
  if (!state) return fail(std::move(state).error().within("make a semaphore"));
  (*state)->value.store(value, std::memory_order_relaxed);
  return Semaphore{std::move(*state)};
}

Result<> Semaphore::acquire(Timeout timeout) {
  const Deadline deadline{timeout};
  State& state = *state_;
  for (;;) {
    if (!state.mutex.lock(deadline)) return fail(timed_out("acquire"));
    const auto value = state.value.load(std::memory_order_relaxed);
    if (value > 0) {
      publish(state.value, value - 1);
      state.mutex.unlock();
      return {};
    }
    const auto ticket = state.units.enroll();
    state.mutex.unlock();
    if (!state.units.wait(ticket, deadline)) return fail(timed_out("acquire"));
  }
}

Result<> Semaphore::release(std::uint32_t units) {
  State& state = *state_;
  state.mutex.lock();
  const auto value = state.value.load(std::memory_order_relaxed);
  const bool fits = units <= kMaxValue - value;
  if (fits) {
    state.units.wake_all();
    publish(state.value, value + units);
  }
  state.mutex.unlock();
  if (!fits) return fail(Error::from_errno("release", EOVERFLOW));
  return {};
}

std::uint32_t Semaphore::value() const noexcept {
  return state_->value.load(std::memory_order_acquire);
}

}  // namespace chatd::process
