// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/spoken_language.hpp"

#include <cstdlib>
#include <optional>
#include <string_view>

namespace chatd::client {

namespace {

std::optional<wire::Language> language_called(std::string_view name) {
  if (name == "en") return wire::Language::en;
  if (name == "zh") return wire::Language::zh;
  return std::nullopt;
}

}  // namespace

// Reads the same variables as setlocale(3) does for LC_MESSAGES. The locale need not be installed:
// uchat has its own translations.
wire::Language language_of_environment() {
  for (const char* const variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const locale = std::getenv(variable);
    if (locale != nullptr && *locale != '\0') return wire::language_of_locale(locale);
  }
  return wire::Language::en;
}

wire::Language language_of_words(std::span<const char* const> words) {
  constexpr std::string_view kOption = "--language";
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "--") break;
    if (!word.starts_with(kOption)) continue;
    word.remove_prefix(kOption.size());
    std::optional<wire::Language> language;
    if (word.starts_with('=')) language = language_called(word.substr(1));
    if (word.empty() && i + 1 < words.size()) language = language_called(words[i + 1]);
    if (language) return *language;
  }
  return language_of_environment();
}

}  // namespace chatd::client
