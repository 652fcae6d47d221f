// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/language.hpp"

#include <string_view>

namespace chatd::wire {

Language language_of_locale(std::string_view locale) noexcept {
  // language[_territory][.codeset][@modifier], setlocale(3)
  const std::string_view language = locale.substr(0, locale.find_first_of("_-.@"));
  return language == "zh" ? Language::zh : Language::en;
}

}  // namespace chatd::wire
