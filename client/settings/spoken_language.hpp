// SPDX-License-Identifier: GPL-3.0-or-later
// spoken_language.hpp — the language of uchat's messages to its user.
//
// Runs in: uchat, before it forks.
#pragma once

#include <span>

#include "common/wire/language.hpp"

namespace chatd::client {

// By LC_ALL, LC_MESSAGES or LANG, the first that is set; English otherwise.
[[nodiscard]] wire::Language language_of_environment();

// By --language in the words of a command line, otherwise by the environment. The command line may
// be wrong: its error message needs the language, too.
[[nodiscard]] wire::Language language_of_words(std::span<const char* const> words);

}  // namespace chatd::client
