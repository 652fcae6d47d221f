// SPDX-License-Identifier: GPL-3.0-or-later
// codec.hpp — values to bytes and back, between processes of one program.
//
// Runs in:   every process. Both sides are forks of one program, so sizes, byte order and
//            the addresses of functions agree; this is not a format for files or networks.
// Covers:    trivially copyable types, std::string, structs with a list of their fields
//            (common/base/fields.hpp), and std::vector, std::optional, std::pair and std::tuple of
//            covered types. Specialize Codec for other types.
// Errors:    read() is false when the bytes do not hold the value; the rest is unread.
//            Pointers to data and views do not compile: they would point into another
//            process's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/fields.hpp"
#include "common/process/raw_bytes.hpp"

namespace chatd::process {

// write() appends `value` to `out`; read() takes a value from the front of `in`.
template <class T>
struct Codec {
  static_assert(Plain<T>, "cannot be copied to another process: no Codec for this type");
  static void write(Bytes& out, const T& value) { append_raw(out, &value, sizeof value); }
  static bool read(std::span<const std::byte>& in, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      // A bool that is neither 0 nor 1 is undefined behaviour when it is read.
      if (!in.empty() && in.front() > std::byte{1}) return false;
    }
    return take_raw(in, &value, sizeof value);
  }
};

// A struct with a list of its fields: each field with the Codec of its type, in their order.
template <Listed T>
struct Codec<T> {
  static_assert(kListsAllMembers<T>);
  static void write(Bytes& out, const T& value) {
    const auto write_field = [&](std::string_view /*name*/, const auto& field) {
      Codec<std::remove_cvref_t<decltype(field)>>::write(out, field);
    };
    T::fields(write_field, value);
  }
  static bool read(std::span<const std::byte>& in, T& value) {
    bool ok = true;
    const auto read_field = [&](std::string_view /*name*/, auto& field) {
      ok = ok && Codec<std::remove_cvref_t<decltype(field)>>::read(in, field);
    };
    T::fields(read_field, value);
    return ok;
  }
};

// Writes the number of elements, then each element; Plain elements in one copy.
template <class Element>
void write_elements(Bytes& out, std::span<const Element> values) {
  Codec<std::uint64_t>::write(out, values.size());
  if constexpr (Plain<Element>) {
    append_raw(out, values.data(), values.size_bytes());
  } else {
    for (const Element& value : values) Codec<Element>::write(out, value);
  }
}

// Appends the elements to `values`.
template <class Sequence>
[[nodiscard]] bool read_elements(std::span<const std::byte>& in, Sequence& values) {
  using Element = typename Sequence::value_type;
  std::uint64_t size = 0;
  if (!Codec<std::uint64_t>::read(in, size)) return false;
  if constexpr (Plain<Element>) {
    if (size > in.size() / sizeof(Element)) return false;
    const std::size_t end = values.size();
    values.resize(end + size);
    return take_raw(in, values.data() + end, size * sizeof(Element));
  } else {
    for (std::uint64_t i = 0; i < size; ++i) {
      Element value{};
      if (!Codec<Element>::read(in, value)) return false;
      values.push_back(std::move(value));
    }
    return true;
  }
}

template <class Sequence>
struct SequenceCodec {
  using Element = typename Sequence::value_type;
  static void write(Bytes& out, const Sequence& values) {
    write_elements(out, std::span<const Element>{values});
  }
  static bool read(std::span<const std::byte>& in, Sequence& values) {
    values.clear();
    return read_elements(in, values);
  }
};

template <>
struct Codec<std::string> : SequenceCodec<std::string> {};
template <class T>
struct Codec<std::vector<T>> : SequenceCodec<std::vector<T>> {
  static_assert(!std::is_same_v<T, bool>, "use std::vector<char>");
};

template <class T>
struct Codec<std::optional<T>> {
  static void write(Bytes& out, const std::optional<T>& value) {
    Codec<bool>::write(out, value.has_value());
    if (value) Codec<T>::write(out, *value);
  }
  static bool read(std::span<const std::byte>& in, std::optional<T>& value) {
    bool present = false;
    if (!Codec<bool>::read(in, present)) return false;
    value.reset();
    return !present || Codec<T>::read(in, value.emplace());
  }
};

template <class Tuple, class... Ts>
struct TupleCodec {
  static void write(Bytes& out, const Tuple& values) {
    std::apply([&](const Ts&... each) { (Codec<Ts>::write(out, each), ...); }, values);
  }
  static bool read(std::span<const std::byte>& in, Tuple& values) {
    return std::apply([&](Ts&... each) { return (Codec<Ts>::read(in, each) && ...); }, values);
  }
};

template <class... Ts>
struct Codec<std::tuple<Ts...>> : TupleCodec<std::tuple<Ts...>, Ts...> {};
template <class First, class Second>
struct Codec<std::pair<First, Second>> : TupleCodec<std::pair<First, Second>, First, Second> {};

}  // namespace chatd::process
