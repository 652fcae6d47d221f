// SPDX-License-Identifier: GPL-3.0-or-later
// words.hpp — the sentences that uchat prints for its user, in both languages, in one table.
//
// Runs in: both processes of uchat.
// See:     common/wire/reasons.hpp for those about refusals and ends, room_words.hpp for those
//          about changes in a room, rule_words.hpp for those about a ban or a mute of the user,
//          typed_words.hpp for those about typed lines, input.hpp for the help of the commands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "client/words/sentences.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

[[nodiscard]] std::string_view words(wire::Language language, Words which) noexcept;

// The sentence about a command with this usage that was typed wrong.
[[nodiscard]] Words usage_words(std::string_view usage) noexcept;

[[nodiscard]] std::string count_of_messages(wire::Language language, std::size_t count);

template <class... Values>
[[nodiscard]] std::string words(wire::Language language, Words which, const Values&... values) {
  return fmt::format(fmt::runtime(words(language, which)), values...);
}

}  // namespace chatd::client
