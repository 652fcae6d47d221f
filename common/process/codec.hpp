// SPDX-License-Identifier: GPL-3.0-or-later
// codec.hpp — values to bytes and back, between processes of one program.
//
// Runs in:   every process. Both sides are forks of one program, so sizes, byte order and
//            the addresses of functions agree; this is not a format for files or networks.
// Covers:    trivially copyable types, std::string, structs with a list of their fields
//            (common/base/fields.hpp), and std::vector, std::optional, std::variant, std::pair and
//            std::tuple of covered types. Specialize Codec for other types.
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
#include <variant>
#include <vector>

#include "common/base/fields.hpp"
#include "common/process/raw_bytes.hpp"
#include "common/process/sequence_codec.hpp"

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

// The number of the type, one byte, then the value.
template <class... Ts>
struct Codec<std::variant<Ts...>> {
  static_assert(sizeof...(Ts) < 256);
  static void write(Bytes& out, const std::variant<Ts...>& value) {
    Codec<std::uint8_t>::write(out, static_cast<std::uint8_t>(value.index()));
    const auto write_value = [&](const auto& held) {
      Codec<std::remove_cvref_t<decltype(held)>>::write(out, held);
    };
    std::visit(write_value, value);
  }
  static bool read(std::span<const std::byte>& in, std::variant<Ts...>& value) {
    std::uint8_t type = 0;
    return Codec<std::uint8_t>::read(in, type) &&
           read_type(in, type, value, std::index_sequence_for<Ts...>{});
  }

 private:
  template <std::size_t... I>
  static bool read_type(std::span<const std::byte>& in, std::size_t type,
                        std::variant<Ts...>& value, std::index_sequence<I...> /*all*/) {
    return ((type == I && Codec<Ts>::read(in, value.template emplace<I>())) || ...);
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
