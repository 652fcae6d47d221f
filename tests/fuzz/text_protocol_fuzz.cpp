// SPDX-License-Identifier: GPL-3.0-or-later
// text_protocol_fuzz.cpp — fuzz target for the text protocol: any bytes as a datagram, through all
// functions that turn it into a line for another member's terminal.
#include "common/wire/text/text_protocol.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "common/wire/language.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/text/line_packer.hpp"
#include "common/wire/text/text_line.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::wire {
namespace {

constexpr std::array kKinds{LineKind::joined,    LineKind::left,   LineKind::said,
                            LineKind::announced, LineKind::kicked, LineKind::crowd};
constexpr std::array kLanguages{Language::en, Language::zh};

bool is_inside(std::string_view part, std::string_view whole) {
  const std::less_equal<> before;
  return before(whole.data(), part.data()) &&
         before(part.data() + part.size(), whole.data() + whole.size());
}

void require_harmless(std::string_view text) {
  while (!text.empty()) {
    const auto character = take_character(text);
    require(character.has_value());
    const char32_t point = character.value_or(0);
    require(point == '\t' || !is_control(point));
    require(!is_line_break(point) && !is_bidi_control(point));
  }
}

TextCommand decoded(std::string_view datagram) {
  const TextCommand command = decode_text(std::as_bytes(std::span{datagram}));
  require(command.argument.empty() || is_inside(command.argument, datagram));
  require(command.newline == datagram.ends_with('\n'));
  if (command.verb != TextVerb::malformed) {
    require(is_text(std::as_bytes(std::span{datagram})));
  }
  return command;
}

void require_packed_whole(LinePacker& packer, Language language, const Line& line) {
  std::array<char, kMaxTextDatagram - 1> buffer{};
  const std::string_view rendered{buffer.data(), render_line(language, line, buffer)};
  packer.clear();
  while (packer.add(language, line)) {
  }
  require(packer.size() > 0);
  for (std::size_t i = 0; i < packer.size(); ++i) {
    std::string_view rest = packer.datagram(i);
    require(rest.size() < kMaxTextDatagram && *(rest.data() + rest.size()) == '\n');
    for (rest = {rest.data(), rest.size() + 1}; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      require(rest.substr(0, end) == rendered);
      rest.remove_prefix(end + 1);
    }
  }
}

void require_renders(LinePacker& packer, const Line& line, std::size_t space) {
  std::array<char, 1200> out{};
  for (const Language language : kLanguages) {
    const std::size_t whole = line_size(language, line);
    const std::size_t used = render_line(language, line, std::span{out}.first(space));
    require(used <= space && used <= whole && (used == whole || used + 4 > space));
    require_harmless({out.data(), used});
    require_packed_whole(packer, language, line);
  }
}

void fuzz_datagram(std::string_view datagram) {
  static LinePacker packer{2};
  const TextCommand command = decoded(datagram);

  for (const std::string_view own_name : {"ada", "小明", "\xC3\xA9"}) {
    const auto rest = strip_own_name(command.argument, own_name);
    require(!rest || rest->empty() || is_inside(*rest, command.argument));
    if (asks_to_leave(command, own_name)) {
      require(command.verb == TextVerb::quit || datagram.starts_with('Q'));
    }
  }

  // Exactly as long as needed: the sanitizer detects one byte too many.
  std::vector<char> buffer(command.argument.size());
  const auto text = clean_text(command.argument, kMaxMessageBytes, buffer);
  if (!text) {
    if (text.error() == TextFault::not_utf8) require(!is_utf8(command.argument));
    return;
  }
  require(is_utf8(command.argument) && !text->empty() && text->size() <= command.argument.size());
  require_harmless(*text);
  std::vector<char> again(text->size());
  require(clean_text(*text, kMaxMessageBytes, again) == *text);

  for (const LineKind kind : kKinds) {
    require_renders(packer, {.kind = kind, .name = "小明", .text = *text}, datagram.size() % 1200);
  }
}

}  // namespace
}  // namespace chatd::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::wire::fuzz_datagram({reinterpret_cast<const char*>(data), size});
  return 0;
}
