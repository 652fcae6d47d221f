// SPDX-License-Identifier: GPL-3.0-or-later
// fields.hpp — the list of the fields of a struct that travels or is kept, from which its encoder,
// its decoder and its size follow.
//
// Runs in:   every process. Pure; computed by the compiler.
// Shape:     struct Head {
//              std::uint8_t stream{};
//              std::uint64_t tail{};
//              static constexpr void fields(auto& v, auto& head) {
//                v("stream", head.stream);
//                v("tail", head.tail);
//              }
//            };
// Invariant: the list names each member once. A list without one of the members does not compile:
//            every codec asserts kListsAllMembers.
// See:       common/wire/field_writer.hpp for the encoding of the native protocol,
//            common/process/codec.hpp for the one between processes,
//            daemon/handover/snapshot_fields.hpp for the one with names.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace chatd {

namespace fields_detail {

// A wrapper that stands for several members says for how many.
template <class T>
consteval std::size_t members_of() {
  if constexpr (requires { T::kMembers; }) {
    return T::kMembers;
  } else {
    return 1;
  }
}

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
    members_ += members_of<T>();
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

// Memory whose members can be named although they are not made: the compiler cannot make the
// members of every type.
template <class T>
union Unmade {
  constexpr Unmade() noexcept : nothing{} {}
  constexpr ~Unmade() {}  // NOLINT(modernize-use-equals-default): it would be deleted
  Unmade(const Unmade&) = delete;
  Unmade& operator=(const Unmade&) = delete;

  char nothing;
  T value;
};

template <class List, class T>
consteval bool lists_all() {
  Counter counter;
  Unmade<T> unmade;
  List::fields(counter, unmade.value);
  return counter.has_each_once(count_members<T>());
}

}  // namespace fields_detail

// The type has a list of its fields.
template <class T>
concept Listed = std::is_aggregate_v<T> && requires(fields_detail::Counter& v, T& value) {
  T::fields(v, value);
};

// The list names every member of T once. It is T's, or a list beside T.
template <class T, class List = T>
inline constexpr bool kListsAllMembers = fields_detail::lists_all<List, T>();

}  // namespace chatd
