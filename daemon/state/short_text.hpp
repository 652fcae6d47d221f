// SPDX-License-Identifier: GPL-3.0-or-later
// short_text.hpp — a text of at most N bytes, as a part of the shared layout.
//
// Runs in:   gateway, and the supervisor for a snapshot. Pure.
// Invariant: a view never ends behind the array: a damaged length counts as N.
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

// Stores the first N bytes of `text`.
template <std::size_t N>
constexpr void assign(ShortText<N>& to, std::string_view text) noexcept {
  to.bytes = static_cast<std::uint8_t>(text.copy(to.text.data(), N));
}

}  // namespace chatd::state
