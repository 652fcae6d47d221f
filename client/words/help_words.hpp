// SPDX-License-Identifier: GPL-3.0-or-later
// help_words.hpp — the texts of --help in both languages.
//
// Runs in: uchat, before it forks.
// Shape:   a text is found by its English form, which stands where the option is declared.
// See:     client/settings/command_line.cpp; a test finds the texts that have no row here.
#pragma once

#include <string_view>

#include "common/wire/language.hpp"

namespace chatd::client {

// The English text itself if `language` is English, or if the text has no row.
[[nodiscard]] std::string_view help_words(wire::Language language,
                                          std::string_view english) noexcept;

}  // namespace chatd::client
