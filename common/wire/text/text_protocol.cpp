// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/text_protocol.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/native/native_packet.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

struct Word {
  std::string_view text;
  TextVerb verb;
  bool documented;
};

constexpr std::array<Word, 11> kWords{{
    {.text = "L", .verb = TextVerb::login, .documented = true},
    {.text = "l", .verb = TextVerb::login, .documented = false},
    {.text = "LOGIN", .verb = TextVerb::login, .documented = false},
    {.text = "C", .verb = TextVerb::chat, .documented = true},
    {.text = "c", .verb = TextVerb::chat, .documented = false},
    {.text = "CHAT", .verb = TextVerb::chat, .documented = false},
    {.text = "Q", .verb = TextVerb::quit, .documented = true},
    {.text = "q", .verb = TextVerb::quit, .documented = false},
    {.text = "QUIT", .verb = TextVerb::quit, .documented = false},
    {.text = "EXIT", .verb = TextVerb::quit, .documented = false},
    {.text = "E", .verb = TextVerb::quit, .documented = false},
}};

std::string_view without_line_end(std::string_view line) noexcept {
  const auto last = line.find_last_not_of("\r\n");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_same_name(std::string_view typed, std::string_view own_name) noexcept {
  if (typed == own_name) return true;
  if (is_ascii(typed)) return false;  // ASCII has one normal form
  NormalBuffer buffer;
  const auto normal = normalize(typed, Form::nfc, buffer);
  return normal && *normal == own_name;
}

}  // namespace

TextCommand decode_text(std::span<const std::byte> datagram) noexcept {
  const std::string_view all{reinterpret_cast<const char*>(datagram.data()), datagram.size()};
  const std::string_view line = without_line_end(all);
  TextCommand command{
      .verb = TextVerb::malformed, .argument = line, .newline = all.ends_with('\n')};
  const std::size_t space = line.find(' ');
  const auto* const word = std::ranges::find(kWords, line.substr(0, space), &Word::text);
  if (word == kWords.end()) return command;

  const std::string_view argument =
      space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  command.verb = word->verb;
  command.documented = word->documented;
  command.argument = command.verb == TextVerb::chat ? argument : trimmed(argument);
  return command;
}

bool is_text(std::span<const std::byte> datagram) noexcept {
  if (datagram.empty()) return false;
  const auto begins = [&](const Word& word) {
    return static_cast<char>(datagram.front()) == word.text.front();
  };
  if (std::ranges::any_of(kWords, begins)) return true;
  return datagram.back() == std::byte{'\n'} && datagram.front() >= std::byte{' '} &&
         !is_native(datagram.front());
}

bool asks_to_leave(const TextCommand& command, std::string_view own_name) noexcept {
  if (command.verb == TextVerb::malformed) {
    return command.argument.starts_with('Q') &&
           is_same_name(trimmed(command.argument.substr(1)), own_name);
  }
  if (command.verb != TextVerb::quit) return false;
  return command.documented || command.argument.empty() ||
         strip_own_name(command.argument, own_name).has_value();
}

std::optional<std::string_view> strip_own_name(std::string_view argument,
                                               std::string_view own_name) noexcept {
  const auto space = argument.find(' ');
  if (!is_same_name(argument.substr(0, space), own_name)) return std::nullopt;
  return space == std::string_view::npos ? std::string_view{} : argument.substr(space + 1);
}

}  // namespace chatd::wire
