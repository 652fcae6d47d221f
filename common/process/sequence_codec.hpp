// SPDX-License-Identifier: GPL-3.0-or-later
// sequence_codec.hpp — the elements of a string or a vector to bytes and back (codec.hpp).
//
// Runs in:   every process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "common/process/raw_bytes.hpp"

namespace chatd::process {

template <class T>
struct Codec;

// Writes the number of elements, then each element; Plain elements in one copy.
template <class Element>
void write_elements(Bytes& out, std::span<const Element> values) {
  const std::uint64_t size = values.size();
  append_raw(out, &size, sizeof size);
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
  if (!take_raw(in, &size, sizeof size)) return false;
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

}  // namespace chatd::process
