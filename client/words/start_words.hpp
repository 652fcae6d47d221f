// SPDX-License-Identifier: GPL-3.0-or-later
// start_words.hpp — the sentences about the command line, the file config.toml, the known servers,
// the search of a host and invitation codes, in both languages.
//
// Runs in: both processes of uchat.
// Shape:   behind each one the values that stand for its {}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/language.hpp"

namespace chatd::client {

enum class StartWords : std::uint8_t {
  no_toml,            // {}: why
  no_toml_quotes,     // {}: why
  key_twice,          //
  key_unknown,        // {}: names of keys
  key_meant,          // {}: name of a key
  key_of_server,      // a key that is not at the top
  key_of_top,         // a key that is not in a table
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
  no_command_meant,   // {}: word {}: name of a command
  option_of,          // {}: option {}: names of commands
  say_which_server,   // {}: how to write it
  command_meant,      // {}: words {}: name of a command
  host_meant,         // {}: name of a command; behind the message that there is no such host
  port_meant,         // {}: address and port; behind the message that nothing is there
  dashes_in_text,     // {}: words
  strictly_unknown,   // {}: server {}: file
  file_open,          // {}: mode
  no_since,           // {}: value
  messages_came,      // {}: number {}: number that was waited for
  given_twice,        // {}: option
  takes_no_value,     // {}: option
  not_together,       // {}: option {}: option
  option_meant,       // {}: words {}: option
  not_understood,     // {}: why
  host_unknown,       //
  host_no_address,    //
  no_name_server,     //
  name_server_fails,  //
  no_memory,          //
  host_error,         // {}: code of getaddrinfo(3) {}: its message
  cannot_join,        // {}: room {}: why
  key_replaced,       // {}: server {}: fingerprint
  serial_not_kept,    // {}: server {}: why
  certificate_absent,
  certificate_unreadable,
  certificate_of_other_key,
  certificate_unsigned,
  certificate_over,   // {}: day {}: today
  certificate_older,  // {}: line {}: file
  ask_code,           // prompt
  no_code,            // the answer to it is none
  read_code,          // {}: file
  no_code_in,         // {}: file
  code_open,          // {}: file {}: mode
  last_one,
};

// The sentence about a message of the TOML parser, which is in English.
[[nodiscard]] StartWords words_about_syntax(std::string_view why) noexcept;

[[nodiscard]] std::string_view words(wire::Language language, StartWords which) noexcept;

template <class... Values>
[[nodiscard]] std::string words(wire::Language language, StartWords which,
                                const Values&... values) {
  return fmt::format(fmt::runtime(words(language, which)), values...);
}

}  // namespace chatd::client
