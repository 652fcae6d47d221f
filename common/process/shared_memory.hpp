// SPDX-License-Identifier: GPL-3.0-or-later
// shared_memory.hpp — anonymous memory that a process shares with its later children.
//
// Runs in:   made by an ancestor; every process forked after that has it at the same address, until
//            keep_out_of_children().
// Owns:      the mapping. It has no name and no descriptor: the kernel frees it when the
//            last process that has it ends, in any way.
// Invariant: data kept here can be half-written when its writer is killed. Only types
//            that are made for this (see robust_mutex.hpp) belong here.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "common/base/result.hpp"

namespace chatd::process {

// A mapping of zeros, shared with every process that is forked later.
class SharedMemory {
 public:
  [[nodiscard]] static Result<SharedMemory> create(std::size_t size);  // zeroed
  SharedMemory(SharedMemory&& other) noexcept
      : bytes_{std::exchange(other.bytes_, std::span<std::byte>{})} {}
  SharedMemory& operator=(SharedMemory&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  [[nodiscard]] std::span<std::byte> bytes() const noexcept { return bytes_; }

  // Processes forked from now on do not have it.
  [[nodiscard]] Result<> keep_out_of_children() const;

 private:
  explicit SharedMemory(std::span<std::byte> bytes) noexcept : bytes_{bytes} {}
  std::span<std::byte> bytes_;
};

// One T in shared memory, followed by `extra` bytes for T to use (at `this + 1`). T's destructor
// never runs: the other processes may still be using it.
template <class T>
class SharedObject {
 public:
  template <class... Arguments>
  [[nodiscard]] static Result<SharedObject> create(std::size_t extra, Arguments&&... arguments) {
    auto memory = SharedMemory::create(sizeof(T) + extra);
    if (!memory) return fail(std::move(memory).error());
    ::new (static_cast<void*>(memory->bytes().data())) T{std::forward<Arguments>(arguments)...};
    return SharedObject{std::move(*memory)};
  }

  [[nodiscard]] T* get() const noexcept {
    return std::launder(reinterpret_cast<T*>(memory_.bytes().data()));
  }
  [[nodiscard]] T* operator->() const noexcept { return get(); }
  [[nodiscard]] T& operator*() const noexcept { return *get(); }
  [[nodiscard]] Result<> keep_out_of_children() const { return memory_.keep_out_of_children(); }

 private:
  explicit SharedObject(SharedMemory memory) noexcept : memory_{std::move(memory)} {}
  SharedMemory memory_;
};

}  // namespace chatd::process
