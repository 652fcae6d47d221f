// SPDX-License-Identifier: GPL-3.0-or-later
// shared_array.hpp — an array of plain values in shared memory, with a lock.
//
// Runs in:   every process forked after create(), any thread.
// Owns:      anonymous shared memory for two copies of the array; no name, no descriptor.
// Invariant: a reader never sees half a value, nor half an update().
// Crash:     a process killed inside set() or update() leaves the values as they were
//            before that call (or as they are after it), and the lock is released.
// Errors:    an index beyond the end ends the program, as for std::array with assertions.
//
// How: one element is changed in place. Its old value is noted before, and the next holder of
// the lock restores it if the writer died. update_all() works on the second copy, and one
// store makes that the current one.
// Rule: the function given to update() must not use the same array: the lock is held.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdlib>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"

namespace chatd::process {

// An array of `size()` values of a trivially copyable type.
template <class T>
class SharedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>,
                "only plain values can be shared between processes");
  static_assert(alignof(T) <= 64);

 public:
  [[nodiscard]] static Result<SharedArray> create(std::span<const T> values) {
    auto state = SharedObject<State>::create(2 * values.size_bytes());
    if (!state) return fail(std::move(state).error().within("make a shared array"));
    SharedArray array{std::move(*state), values.size()};
    std::ranges::copy(values, array.copy(0).begin());
    return array;
  }
  // Makes `size` default values.
  [[nodiscard]] static Result<SharedArray> create(std::size_t size) {
    return create(std::vector<T>(size));
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] T get(std::size_t index) const noexcept {
    const Guard guard{*this};
    return at(index);
  }
  [[nodiscard]] std::vector<T> get_all() const {
    const Guard guard{*this};
    return {current().begin(), current().end()};
  }
  void set(std::size_t index, const T& value) noexcept {
    const Guard guard{*this};
    replace(index, value);
  }
  // Changes one value: array.update(3, [](int& value) { value += 2; }). Returns the new value.
  template <std::invocable<T&> Change>
  T update(std::size_t index, Change change) {
    const Guard guard{*this};
    T value = at(index);
    change(value);  // on a copy: it may throw, and the process may be killed in it
    replace(index, value);
    return value;
  }
  // Changes all: array.update_all([](std::span<int> values) { std::ranges::sort(values); }).
  template <std::invocable<std::span<T>> Change>
  void update_all(Change change) {
    const Guard guard{*this};
    const auto other = 1 - state_->current.load(std::memory_order_relaxed);
    std::ranges::copy(current(), copy(other).begin());
    change(copy(other));
    publish(state_->current, other);
  }

 private:
  struct alignas(64) State {
    RobustMutex mutex;
    std::atomic<unsigned> current{0};    // index of the current copy
    std::atomic<bool> replacing{false};  // old_value must be restored at old_index
    std::size_t old_index{0};
    T old_value{};
  };

  class Guard {
   public:
    explicit Guard(const SharedArray& array) noexcept : state_{*array.state_} {
      static_cast<void>(state_.mutex.lock(Deadline{kForever}, [&array] { array.undo(); }));
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() { state_.mutex.unlock(); }

   private:
    State& state_;
  };

  SharedArray(SharedObject<State> state, std::size_t size) noexcept
      : state_{std::move(state)}, size_{size} {}

  [[nodiscard]] std::span<T> copy(unsigned number) const noexcept {
    return {reinterpret_cast<T*>(state_.get() + 1) + number * size_, size_};
  }
  [[nodiscard]] std::span<T> current() const noexcept {
    return copy(state_->current.load(std::memory_order_relaxed));
  }
  [[nodiscard]] T& at(std::size_t index) const noexcept {
    if (index >= size_) std::abort();
    return current()[index];
  }
  void replace(std::size_t index, const T& value) noexcept {
    T& place = at(index);
    state_->old_index = index;
    state_->old_value = place;
    publish(state_->replacing, true);
    place = value;
    publish(state_->replacing, false);
  }
  void undo() const noexcept {
    if (!state_->replacing.load(std::memory_order_acquire)) return;
    at(state_->old_index) = state_->old_value;
    publish(state_->replacing, false);
  }

  SharedObject<State> state_;
  std::size_t size_;
};

}  // namespace chatd::process
