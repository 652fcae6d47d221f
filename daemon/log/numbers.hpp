// SPDX-License-Identifier: GPL-3.0-or-later
// numbers.hpp — the numbers of a log as types of their own: an offset is not a sequence number.
//
// Runs in:   every role. Pure.
// Invariant: a plain number becomes one of these only where the source says so. They become
//            plain numbers by themselves: shared memory and packets hold std::uint64_t.
#pragma once

#include <cstdint>

namespace chatd::logs {

template <class Tag>
class Number {
 public:
  constexpr Number() noexcept = default;
  constexpr explicit Number(std::uint64_t value) noexcept : value_{value} {}
  // NOLINTNEXTLINE(google-explicit-constructor): see the invariant.
  constexpr operator std::uint64_t() const noexcept { return value_; }

 private:
  std::uint64_t value_{0};
};

// A place in a log: the bytes that were appended before it, since the log began. Never wraps.
using Offset = Number<struct OffsetTag>;
// Counts the records of a log. Grows strictly; a crash of the writer may skip a number.
using Sequence = Number<struct SequenceTag>;

}  // namespace chatd::logs
