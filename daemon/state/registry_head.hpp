// SPDX-License-Identifier: GPL-3.0-or-later
// registry_head.hpp — the versions of the rows that are kept on disk: rules, further rooms, the
// properties of rooms, and the rows of kept tables (kept_list.hpp).
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout.
// Invariant: RegistryHead::version is even. A change of a row takes the next even number, and
//            stores it in the row, and then in the head. While the row is written, its number is
//            odd: a reader of another process copies it again. A gateway that is killed at any
//            instruction leaves a row that is as it was, or has an odd number, or one above that of
//            the head: its successor calls adopt_row(), and the row counts as changed again.
// See:       daemon/archive/registry.hpp, which saves the rows with a number above the last one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "daemon/log/crash_point.hpp"
#include "daemon/log/words.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::state {

using RowVersion = std::atomic<std::uint64_t>;

// Written by: gateway, but for `loaded_from`: by the supervisor, before the first fork.
struct RegistryHead {
  // A random number of the rows in this memory, which a restart with the same memory keeps; 0: no
  // gateway has looked at them yet.
  alignas(kCacheLine) std::atomic<std::uint64_t> memory;
  // The number of the rows that this memory began with, from disk or from the snapshot of a
  // predecessor; 0: there were none.
  std::atomic<std::uint64_t> loaded_from;
  RowVersion version;  // of the last change
};
inline constexpr std::size_t kRegistryHeadOffset = 1024;  // on the page of the RuleHead

// A change of one row, from here to the end of the scope.
class RowChange {
 public:
  RowChange(RegistryHead& head, RowVersion& row) noexcept : head_{head}, row_{row} {
    row_.store(head_.version.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    // A reader that sees a value from below also sees the odd number.
    std::atomic_thread_fence(std::memory_order_release);
    logs::crash_point();
  }
  RowChange(const RowChange&) = delete;
  RowChange& operator=(const RowChange&) = delete;
  RowChange(RowChange&&) = delete;
  RowChange& operator=(RowChange&&) = delete;
  ~RowChange() {
    const std::uint64_t next = head_.version.load(std::memory_order_relaxed) + 2;
    row_.store(next, std::memory_order_release);
    logs::crash_point();
    // Last: a reader that has read the head finds each row up to its number.
    head_.version.store(next, std::memory_order_release);
    logs::crash_point();
  }

 private:
  RegistryHead& head_;
  RowVersion& row_;
};

[[nodiscard]] constexpr bool is_being_written(std::uint64_t version) noexcept {
  return version % 2 != 0;
}

// True: a killed gateway has begun a change of the row, or has not stored its number in the head.
[[nodiscard]] inline bool is_unfinished(const RegistryHead& head, const RowVersion& row) noexcept {
  const std::uint64_t version = row.load(std::memory_order_relaxed);
  return is_being_written(version) || version > head.version.load(std::memory_order_relaxed);
}
// Finishes a change that a killed gateway has begun.
inline void adopt_row(RegistryHead& head, RowVersion& row) noexcept {
  if (is_unfinished(head, row)) const RowChange again{head, row};
}

// Copies a row that another process may write. nullopt: it is being written, also after some
// attempts; else the version of the copy. Words that no RowChange guards may be older or newer.
template <class Row>
requires(sizeof(Row) % 8 == 0 && alignof(Row) % 8 == 0)
    [[nodiscard]] std::optional<std::uint64_t> copy_row(const Row& shared, Row& own) noexcept {
  constexpr int kAttempts = 1000;
  for (int i = 0; i < kAttempts; ++i) {
    const std::uint64_t before = shared.version.load(std::memory_order_acquire);
    if (is_being_written(before)) continue;
    logs::load_words(reinterpret_cast<std::byte*>(&own),
                     reinterpret_cast<const std::byte*>(&shared), sizeof(Row));
    std::atomic_thread_fence(std::memory_order_acquire);
    if (shared.version.load(std::memory_order_relaxed) == before) return before;
  }
  return std::nullopt;
}

}  // namespace chatd::state
