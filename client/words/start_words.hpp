// SPDX-License-Identifier: GPL-3.0-or-later
// start_words.hpp — the sentences about the file config.toml and the known servers, in both
// languages.
//
// Runs in: uchat, before it forks.
// Shape:   behind each one the values that stand for its {}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/language.hpp"

namespace chatd::client {

enum class StartWords : std::uint8_t {
  key_unknown,        // {}: names of keys
  key_meant,          // {}: name of a key
  write_as,           // {}: a line of TOML
  alias_characters,   // an alias has others
  alias_is_command,   //
  no_address,         // of an alias
  name_in_address,    // {}: name
  path_not_absolute,  // {}: path
  more_problems,      // {}: number
  say_where_or_set,   // {}: how to write it {}: file
  default_server,     // behind a server in a list
  no_known_servers,   //
  not_known,          // {}: server {}: file
  forgotten,          // {}: server {}: file
  no_command,         // {}: word
  command_meant,      // {}: words {}: name of a command
  dashes_in_text,     // {}: words
  strictly_unknown,   // {}: server {}: file
  file_open,          // {}: mode
  no_since,           // {}: value
  messages_came,      // {}: number {}: number that was waited for
  last_one,
};

[[nodiscard]] std::string_view words(wire::Language language, StartWords which) noexcept;

template <class... Values>
[[nodiscard]] std::string words(wire::Language language, StartWords which,
                                const Values&... values) {
  return fmt::format(fmt::runtime(words(language, which)), values...);
}

}  // namespace chatd::client
