// SPDX-License-Identifier: GPL-3.0-or-later
// field_reader.hpp — decodes a struct from bytes of the native protocol by its list of fields.
//
// Runs in:   every process that speaks the native protocol.
// Borrows:   the bytes; decoded texts and bytes point into them. Pure; nothing allocates.
// Errors:    too few bytes, or a count above its array's size: the ByteReader is not ok().
// See:       field_writer.hpp for the encoding.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "common/wire/bytes.hpp"
#include "common/wire/fields.hpp"

namespace chatd::wire {

class FieldReader {
 public:
  explicit FieldReader(ByteReader& in) noexcept : in_{in} {}

  template <class T>
  void operator()(std::string_view /*name*/, T& field) noexcept {
    get(field);
  }
  // A field in one of the wrappers of fields.hpp.
  template <class Wrapper>
  void operator()(std::string_view /*name*/, const Wrapper& field) noexcept {
    get(field);
  }
  void reserved(std::size_t bytes) noexcept { (void)in_.take_bytes(bytes); }

 private:
  template <FieldInteger T>
  void get(T& field) noexcept {
    field = static_cast<T>(in_.take<std::make_unsigned_t<T>>());
  }
  template <FieldEnum T>
  void get(T& field) noexcept {
    field = static_cast<T>(in_.take<std::make_unsigned_t<std::underlying_type_t<T>>>());
  }
  void get(bool& field) noexcept { field = (in_.take<std::uint8_t>() & 1U) != 0; }
  template <std::size_t Count>
  void get(std::array<std::byte, Count>& field) noexcept {
    in_.take_into(field);
  }
  void get(std::string_view& field) noexcept { field = in_.take_text(in_.take<std::uint8_t>()); }
  void get(Bytes& field) noexcept { field = in_.take_bytes(in_.take<std::uint16_t>()); }
  void get(const ShortBytes<Bytes>& field) noexcept {
    field.bytes = in_.take_bytes(in_.take<std::uint8_t>());
  }
  void get(const Rest<Bytes>& field) noexcept { field.bytes = in_.take_bytes(in_.rest().size()); }
  void get(const Rest<std::string_view>& field) noexcept {
    field.bytes = in_.take_text(in_.rest().size());
  }
  template <class T>
  void get(const Later<T>& later) noexcept {
    if (!in_.rest().empty()) get(later.field);
  }
  void get(const Low56<std::uint64_t>& field) noexcept {
    std::array<std::byte, sizeof field.value> bytes{};
    in_.take_into(std::span{bytes}.first(bytes.size() - 1));
    field.value = std::bit_cast<std::uint64_t>(bytes);
  }
  template <class Array, class Count>
  void get(const List<Array, Count>& field) noexcept {
    field.count = in_.take<std::uint8_t>();
    if (field.count > field.elements.size()) return in_.fail();
    for (auto& element : std::span{field.elements}.first(field.count)) get(element);
  }
  template <Listed T>
  void get(T& field) noexcept {
    T::fields(*this, field);
  }

  ByteReader& in_;
};

// The fields at the front of `in`; what is behind them stays there.
template <Listed T>
void decode(ByteReader& in, T& value) noexcept {
  static_assert(kListsAllMembers<T>);
  FieldReader reader{in};
  T::fields(reader, value);
}
}  // namespace chatd::wire
