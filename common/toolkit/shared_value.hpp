// SPDX-License-Identifier: GPL-3.0-or-later
// shared_value.hpp — one plain value in shared memory, with a lock for compound updates.
//
// Runs in:   every process forked after create(), any thread.
// Owns:      a page of anonymous shared memory; no name, no descriptor.
// Crash:     a process killed inside set() or update() leaves the old value or the new
//            one, never a mixture, and the lock is released.
// See:       shared_array.hpp: a SharedValue is an array of one element.
#pragma once

#include <span>
#include <utility>

#include "common/toolkit/shared_array.hpp"

namespace chatd::process {

// A value of a trivially copyable type.
template <class T>
class SharedValue {
 public:
  [[nodiscard]] static Result<SharedValue> create(const T& value = T{}) {
    auto array = SharedArray<T>::create(std::span<const T>{&value, 1});
    if (!array) return fail(std::move(array).error());
    return SharedValue{std::move(*array)};
  }

  [[nodiscard]] T get() const noexcept { return array_.get(0); }
  void set(const T& value) noexcept { array_.set(0, value); }
  // counter.update([](long& value) { ++value; }): no other change comes in between. Returns the new
  // value.
  template <std::invocable<T&> Change>
  T update(Change change) {
    return array_.update(0, std::move(change));
  }

 private:
  explicit SharedValue(SharedArray<T> array) noexcept : array_{std::move(array)} {}
  SharedArray<T> array_;
};

}  // namespace chatd::process
