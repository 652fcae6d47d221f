// SPDX-License-Identifier: GPL-3.0-or-later
// short_text.hpp — a text of at most N bytes, as a part of the shared layout.
//
// Runs in:   gateway. Pure.
// Invariant: what was stored in one piece is read as it was; a length that is too large is read as
//            N.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatd::state {

template <std::size_t N>
struct ShortText {
  static_assert(N <= UINT8_MAX);
  std::uint8_t bytes;
  std::array<char, N> text;
};

template <std::size_t N>
[[nodiscard]] constexpr std::string_view view_of(const ShortText<N>& text) noexcept {
  return {text.text.data(), text.bytes < N ? text.bytes : N};
}

// Bytes behind the first N are cut off.
template <std::size_t N>
constexpr void assign(ShortText<N>& to, std::string_view text) noexcept {
  to.bytes = static_cast<std::uint8_t>(text.copy(to.text.data(), N));
}

}  // namespace chatd::state
