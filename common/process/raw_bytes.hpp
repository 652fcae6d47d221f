// SPDX-License-Identifier: GPL-3.0-or-later
// raw_bytes.hpp — the types that may be copied to another process byte by byte, and the copy.
//
// Runs in:   every process. Pure. For codec.hpp.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/base/fields.hpp"

namespace chatd::process {

using Bytes = std::vector<std::byte>;

template <class T>
inline constexpr bool kIsView = false;
template <class C, class Traits>
inline constexpr bool kIsView<std::basic_string_view<C, Traits>> = true;
template <class T, std::size_t Extent>
inline constexpr bool kIsView<std::span<T, Extent>> = true;

// A type that is copied byte by byte.
template <class T>
concept Plain = std::is_trivially_copyable_v<T> && !kIsView<T> && !Listed<T> &&
                (!std::is_pointer_v<T> || std::is_function_v<std::remove_pointer_t<T>>);

inline void append_raw(Bytes& out, const void* from, std::size_t size) {
  if (size == 0) return;
  const std::size_t end = out.size();
  out.resize(end + size);
  std::memcpy(out.data() + end, from, size);
}

[[nodiscard]] inline bool take_raw(std::span<const std::byte>& in, void* into, std::size_t size) {
  if (in.size() < size) return false;
  if (size > 0) std::memcpy(into, in.data(), size);
  in = in.subspan(size);
  return true;
}

}  // namespace chatd::process
