// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_wrappers.hpp — how a member is kept in a snapshot where its type alone does not say it.
//
// Runs in:   supervisor. Pure.
// Shape:     v("phase", NotKept{session.phase}), in a list of snapshot_fields.hpp. T is the
//            member's type, const for the encoder.
#pragma once

#include <cstddef>

namespace chatd::handover {

// The new service begins without it, or with another value.
template <class T>
struct NotKept {
  T& field;
};
// A separate function encodes and decodes it, with more than the struct's memory.
template <class T>
struct Separate {
  T& field;
};
// Was added to the format later: `before` is the value of a snapshot without it.
template <class T, class Value>
struct Since {
  T& field;
  Value before;
};
// Is left out when it has its usual value.
template <class T, class Value>
struct Sparse {
  T& field;
  Value usual;
};
// The fields of a struct are fields of the snapshot's object around it.
template <class T>
struct Flat {
  T& field;
};
// A struct of which two copies exist, and the serial number that chooses one: the fields of the
// copy in force, as Flat. Both copies are read back.
template <class Slot, class Serial, class Copies>
struct InForce {
  static constexpr std::size_t kMembers = 2;
  Slot& slot;
  Serial& serial;
  Copies& copies;
};
template <class Slot, class Serial, class Copies>
InForce(Slot&, Serial&, Copies&) -> InForce<Slot, Serial, Copies>;
// A text in a fixed array, and its length.
template <class Array, class Count>
struct Text {
  static constexpr std::size_t kMembers = 2;
  Array& characters;
  Count& count;
};
template <class Array, class Count>
Text(Array&, Count&) -> Text<Array, Count>;
// Two keys, as NAME_even and NAME_odd.
template <class T>
struct EvenAndOdd {
  T& keys;
};
// A session's generation is decoded, but stored last of all its fields.
template <class T>
struct StoredLast {
  T& field;
};

}  // namespace chatd::handover
