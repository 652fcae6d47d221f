// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/display_width.hpp"

#include <utf8proc.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const auto character = take_character(text)) {
      width +=
          static_cast<std::size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(*character)));
    } else {
      text.remove_prefix(1);
      ++width;
    }
  }
  return width;
}

}  // namespace chatd::wire
