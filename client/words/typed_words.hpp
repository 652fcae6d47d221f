// SPDX-License-Identifier: GPL-3.0-or-later
// typed_words.hpp — the sentences about lines that the user types, in both languages.
//
// Runs in: uchat's terminal process.
// Shape:   behind each one the values that stand for its {}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/language.hpp"

namespace chatd::client {

enum class TypedWords : std::uint8_t {
  unknown_meant,    // {}: command {}: the one that is likely meant
  no_direct_yet,    // the user answers a direct message
  now_named,        // {}: own name
  still_named,      // {}: why not another one {}: own name
  named_already,    // {}: own name
  name_under_way,   // {}: another name
  ask_lines,        // {}: number of lines, more than 1; prompt
  answer_lines,     // the answer is not one to ask_lines
  ignored_now,      // {}: name
  ignored_no_more,  // {}: name
  ignored_are,      // {}: names
  nobody_ignored,   //
  not_ignored,      // {}: name; too many are ignored
  was_not_ignored,  // {}: name
  help_of_owners,   // title
  help_of_lines,    // title
  help_of_users,    // title
  typed_wrong,      // {}: a line {}: how the command is typed
  waits_for,        // {}: name
  blocked_now,      // {}: name
  blocked_no_more,  // {}: name
  blocked_are,      // {}: names
  nobody_blocked,   //
  direct_taken,     // {}: of whom, one of the next three
  from_anyone,      //
  from_same_room,   //
  from_owned,       //
  last_one,
};

[[nodiscard]] std::string_view words(wire::Language language, TypedWords which) noexcept;

template <class... Values>
[[nodiscard]] std::string words(wire::Language language, TypedWords which,
                                const Values&... values) {
  return fmt::format(fmt::runtime(words(language, which)), values...);
}

}  // namespace chatd::client
