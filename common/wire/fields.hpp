// SPDX-License-Identifier: GPL-3.0-or-later
// fields.hpp — how a member is encoded where its type alone does not say it: the wrappers of the
// lists of fields.
//
// Runs in:   every process. Pure; most of it is computed by the compiler.
// Shape:     v("connection", Low56{reset.connection}), in a list of common/base/fields.hpp.
// Invariant: the fields of a packet or frame are listed in the order of their bytes.
// See:       field_writer.hpp for the encoding of the native protocol.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "common/base/fields.hpp"

namespace chatd::wire {

// T is the member's type, const for an encoder.

// Bytes with their number in front, one byte.
template <class T>
struct ShortBytes {
  T& bytes;
};
// Bytes, or a text, up to the end of what is read.
template <class T>
struct Rest {
  T& bytes;
};
// A field at the end that an older sender does not have: where the bytes end, it keeps its value.
template <class T>
struct Later {
  T& field;
};
// An integer of 56 bits.
template <class T>
struct Low56 {
  T& value;
};
// The first `count` elements of a fixed array, with `count` in front, one byte. It stands for two
// members. A count above the array's size is malformed.
template <class Array, class Count>
struct List {
  static constexpr std::size_t kMembers = 2;
  Array& elements;
  Count& count;
};
template <class Array, class Count>
List(Array&, Count&) -> List<Array, Count>;

// The types that the visitors of this folder treat alike.
template <class T>
concept FieldInteger = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept FieldEnum = std::is_enum_v<T>;

}  // namespace chatd::wire
