// SPDX-License-Identifier: GPL-3.0-or-later
// numbers.hpp — the numbers of a log, and those that name a sender, as separate types: an offset is
// not a sequence number.
//
// Runs in:   every role. Pure.
// Invariant: a plain number becomes one of these only where the source says so. They become
//            plain numbers implicitly: shared memory and packets hold plain integers.
#pragma once

#include <concepts>
#include <cstdint>

namespace chatd::logs {

template <class Tag, std::unsigned_integral Integer = std::uint64_t>
class Number {
 public:
  constexpr Number() noexcept = default;
  constexpr explicit Number(Integer value) noexcept : value_{value} {}
  // NOLINTNEXTLINE(google-explicit-constructor): see the invariant.
  constexpr operator Integer() const noexcept { return value_; }
  constexpr Number& operator++() noexcept {
    ++value_;
    return *this;
  }

 private:
  Integer value_{0};
};

// A place in a log: the bytes that were appended before it, since the log began. Never wraps.
using Offset = Number<struct OffsetTag>;
// Counts the records of a log. Grows strictly; a crash of the writer may skip a number.
using Sequence = Number<struct SequenceTag>;
// The index of a session in the session table.
using Slot = Number<struct SlotTag, std::uint32_t>;
// Tells the sessions of a slot apart: odd while the slot holds a session, even while it is free.
using Generation = Number<struct GenerationTag>;

}  // namespace chatd::logs
