// SPDX-License-Identifier: GPL-3.0-or-later
// spoken_language.hpp — the language in which uchat speaks to its user.
//
// Runs in: uchat, before it forks.
#pragma once

#include <span>

#include "common/wire/language.hpp"

namespace chatd::client {

[[nodiscard]] wire::Language language_of_environment();

// As the command line has it, or else the environment: also of a command line that is wrong, so
// that this can be said.
[[nodiscard]] wire::Language language_of_words(std::span<const char* const> words);

}  // namespace chatd::client
