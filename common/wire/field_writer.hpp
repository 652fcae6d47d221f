// SPDX-License-Identifier: GPL-3.0-or-later
// field_writer.hpp — encodes a struct into bytes of the native protocol by its list of fields.
//
// Runs in:   every process that speaks the native protocol.
// Borrows:   the buffer. Pure; nothing allocates.
// Shape:     integers and enums little-endian in their own size, without padding; a bool is bit 0
//            of one byte; an array of bytes as it is; a text with its length in front, one byte;
//            Bytes with their number in front, two bytes; a struct as its fields; the wrappers of
//            fields.hpp as they say.
// Errors:    a buffer that is too small: the ByteWriter is not ok().
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

// The longest text of a field; a longer one is cut.
inline constexpr std::size_t kMaxFieldText = 255;

// Into a ByteWriter, or into a ByteCounter.
template <class Out>
class FieldWriter {
 public:
  constexpr explicit FieldWriter(Out& out) noexcept : out_{out} {}

  template <class T>
  constexpr void operator()(std::string_view /*name*/, const T& field) noexcept {
    put(field);
  }
  constexpr void reserved(std::size_t bytes) noexcept { out_.put_zeros(bytes); }

 private:
  template <FieldInteger T>
  constexpr void put(const T& field) noexcept {
    out_.put(static_cast<std::make_unsigned_t<T>>(field));
  }
  template <FieldEnum T>
  constexpr void put(const T& field) noexcept {
    out_.put(static_cast<std::make_unsigned_t<std::underlying_type_t<T>>>(field));
  }
  constexpr void put(const bool& field) noexcept {
    out_.put(static_cast<std::uint8_t>(field ? 1 : 0));
  }
  template <std::size_t Count>
  constexpr void put(const std::array<std::byte, Count>& field) noexcept {
    out_.put_bytes(field);
  }
  constexpr void put(const std::string_view& field) noexcept {
    const std::string_view text = field.substr(0, kMaxFieldText);
    out_.put(static_cast<std::uint8_t>(text.size()));
    out_.put_text(text);
  }
  constexpr void put(const Bytes& field) noexcept {
    out_.put(static_cast<std::uint16_t>(field.size()));
    out_.put_bytes(field);
  }
  constexpr void put(const ShortBytes<const Bytes>& field) noexcept {
    out_.put(static_cast<std::uint8_t>(field.bytes.size()));
    out_.put_bytes(field.bytes);
  }
  constexpr void put(const Rest<const Bytes>& field) noexcept { out_.put_bytes(field.bytes); }
  constexpr void put(const Rest<const std::string_view>& field) noexcept {
    out_.put_text(field.bytes);
  }
  template <class T>
  constexpr void put(const Later<T>& later) noexcept {
    put(later.field);
  }
  constexpr void put(const Low56<const std::uint64_t>& field) noexcept {
    const auto bytes = std::bit_cast<std::array<std::byte, 8>>(field.value);
    out_.put_bytes(Bytes{bytes}.first(bytes.size() - 1));
  }
  template <class Array, class Count>
  constexpr void put(const List<Array, Count>& field) noexcept {
    out_.put(static_cast<std::uint8_t>(field.count));
    for (const auto& element : std::span{field.elements}.first(field.count)) put(element);
  }
  template <Listed T>
  constexpr void put(const T& field) noexcept {
    T::fields(*this, field);
  }

  Out& out_;
};

template <Listed T>
void encode(ByteWriter& out, const T& value) noexcept {
  static_assert(kListsAllMembers<T>);
  FieldWriter writer{out};
  T::fields(writer, value);
}
// The bytes that encode() writes. Of T{}: the least that a T takes.
template <Listed T>
[[nodiscard]] constexpr std::size_t encoded_bytes(const T& value) noexcept {
  static_assert(kListsAllMembers<T>);
  ByteCounter count;
  FieldWriter writer{count};
  T::fields(writer, value);
  return count.size();
}

}  // namespace chatd::wire
