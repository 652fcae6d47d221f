// SPDX-License-Identifier: GPL-3.0-or-later
// line_layout.hpp — where on a terminal a text ends that begins in the first column.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. Characters take the places that readline gives them: what takes two
//            columns is not split over two rows, a control character shows as ^X.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::client {

struct Place {
  std::size_t row{0};
  std::size_t column{0};  // as wide as the terminal: behind the last one
  friend bool operator==(const Place&, const Place&) = default;
};

// With the blanks that readline draws for a tab, and fills the end of a row with where a wide
// character does not fit: to the terminal they are part of the text.
[[nodiscard]] std::string as_drawn(std::string_view text, std::size_t columns);

[[nodiscard]] Place place_behind(std::string_view text, std::size_t columns) noexcept;

}  // namespace chatd::client
