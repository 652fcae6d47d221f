// SPDX-License-Identifier: GPL-3.0-or-later
// language.hpp — the languages in which the server speaks to text members.
//
// Runs in: gateway, worker.
#pragma once

#include <cstdint>
#include <string_view>

namespace chatd::wire {

enum class Language : std::uint8_t { en, zh };

// "zh_CN.UTF-8" -> zh; anything else, also "C" and "", -> en.
[[nodiscard]] Language language_of_locale(std::string_view locale) noexcept;

}  // namespace chatd::wire
