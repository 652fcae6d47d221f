// SPDX-License-Identifier: GPL-3.0-or-later
// words.hpp — copies to and from shared memory, as 64-bit words, while another process may
// write it.
//
// Runs in: gateway (stores), worker (loads).
// Why:     a plain memcpy that races with a writer is undefined; relaxed 64-bit loads are
//          not, and compile to the same moves. The caller decides by a generation or by
//          `oldest` whether the copy is whole.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace chatd::logs {

// `bytes` is a multiple of 8; `shared` is 8-byte aligned; `own` need not be.
inline void store_words(std::byte* shared, const std::byte* own, std::size_t bytes) noexcept {
  for (std::size_t at = 0; at < bytes; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, own + at, 8);
    std::atomic_ref<std::uint64_t>{*reinterpret_cast<std::uint64_t*>(shared + at)}.store(
        word, std::memory_order_relaxed);
  }
}

inline void load_words(std::byte* own, const std::byte* shared, std::size_t bytes) noexcept {
  for (std::size_t at = 0; at < bytes; at += 8) {
    // atomic_ref has no const form before C++26; a relaxed load writes nothing, also on a
    // read-only mapping.
    auto* word = reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(shared + at));
    const std::uint64_t value =
        std::atomic_ref<std::uint64_t>{*word}.load(std::memory_order_relaxed);
    std::memcpy(own + at, &value, 8);
  }
}

template <class T>
requires(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0 && alignof(T) % 8 == 0)
    [[nodiscard]] T load_value(const T& shared) noexcept {
  T own;
  load_words(reinterpret_cast<std::byte*>(&own), reinterpret_cast<const std::byte*>(&shared),
             sizeof(T));
  return own;
}

template <class T>
requires(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0 &&
         alignof(T) % 8 == 0) void store_value(T& shared, const T& own) noexcept {
  store_words(reinterpret_cast<std::byte*>(&shared), reinterpret_cast<const std::byte*>(&own),
              sizeof(T));
}

}  // namespace chatd::logs
