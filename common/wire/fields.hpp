// SPDX-License-Identifier: GPL-3.0-or-later
// fields.hpp — the list of the fields of a struct that travels, from which its encoder, its
// decoder and its size follow.
//
// Runs in:   every process. Pure; most of it is computed by the compiler.
// Shape:     struct Head {
//              std::uint8_t stream{};
//              std::uint64_t tail{};
//              static constexpr void fields(auto& v, auto& head) {
//                v("stream", head.stream);
//                v("tail", head.tail);
//              }
//            };
// Invariant: the list names each member once, in the order of the bytes. Members that the list
//            does not name do not compile: every codec asserts lists_all_members.
// See:       field_writer.hpp for the encoding of the native protocol. A format that writes names
//            is another visitor of the same lists.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace chatd::wire {

// How a member is encoded where its type alone does not say it. T is the member's type, const
// for an encoder.

// Bytes with their number in front, one byte.
template <class T>
struct ShortBytes {
  T& bytes;
};
// Bytes up to the end of what is read.
template <class T>
struct Rest {
  T& bytes;
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
  Array& elements;
  Count& count;
};
template <class Array, class Count>
List(Array&, Count&) -> List<Array, Count>;

namespace fields_detail {

template <class T>
struct MembersOf {
  static constexpr std::size_t kCount = 1;
};
template <class Array, class Count>
struct MembersOf<List<Array, Count>> {
  static constexpr std::size_t kCount = 2;
};

// Converts to the type of any member. Never called.
struct AnyMember {
  template <class T>
  operator T() const noexcept;  // NOLINT(google-explicit-constructor): that is what it is for
};

// The members of an aggregate: as many initializers as it takes.
template <class T, class... Members>
consteval std::size_t count_members() {
  if constexpr (requires { T{Members{}..., AnyMember{}}; }) {
    return count_members<T, Members..., AnyMember>();
  } else {
    return sizeof...(Members);
  }
}

// Visits a list and counts. Two fields of one name are one field that was written twice.
class Counter {
 public:
  template <class T>
  constexpr void operator()(std::string_view name, const T& /*field*/) {
    for (std::size_t i = 0; i < names_; ++i) is_twice_ = is_twice_ || name_[i] == name;
    name_[names_++] = name;
    members_ += MembersOf<T>::kCount;
  }
  constexpr void reserved(std::size_t /*bytes*/) {}
  [[nodiscard]] constexpr bool has_each_once(std::size_t members) const {
    return members_ == members && !is_twice_;
  }

 private:
  std::array<std::string_view, 64> name_{};
  std::size_t names_{0};
  std::size_t members_{0};
  bool is_twice_{false};
};

template <class T>
consteval bool lists_all_members() {
  Counter counter;
  T value{};
  T::fields(counter, value);
  return counter.has_each_once(count_members<T>());
}

}  // namespace fields_detail

// The type has a list of its fields.
template <class T>
concept Listed = std::is_aggregate_v<T> && requires(fields_detail::Counter& v, T& value) {
  T::fields(v, value);
};

// What the visitors treat alike.
template <class T>
concept FieldInteger = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept FieldEnum = std::is_enum_v<T>;

// The list of T's fields names every member once.
template <Listed T>
inline constexpr bool lists_all_members = fields_detail::lists_all_members<T>();

}  // namespace chatd::wire
