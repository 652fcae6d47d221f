// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text_protocol.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

TextVerb verb_of(char letter) noexcept {
  switch (letter) {
    case 'L':
      return TextVerb::login;
    case 'C':
      return TextVerb::chat;
    case 'Q':
      return TextVerb::quit;
    default:
      return TextVerb::malformed;
  }
}

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
  if (line.empty() || (line.size() > 1 && line[1] != ' ')) return command;

  command.verb = verb_of(line.front());
  if (command.verb == TextVerb::malformed) return command;
  const std::string_view argument = line.size() > 1 ? line.substr(2) : std::string_view{};
  command.argument = command.verb == TextVerb::chat ? argument : trimmed(argument);
  return command;
}

bool is_text(std::byte first) noexcept {
  return verb_of(static_cast<char>(first)) != TextVerb::malformed;
}

std::optional<std::string_view> strip_own_name(std::string_view argument,
                                               std::string_view own_name) noexcept {
  const auto space = argument.find(' ');
  if (!is_same_name(argument.substr(0, space), own_name)) return std::nullopt;
  return space == std::string_view::npos ? std::string_view{} : argument.substr(space + 1);
}

}  // namespace chatd::wire
