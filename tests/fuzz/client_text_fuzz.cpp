// SPDX-License-Identifier: GPL-3.0-or-later
// client_text_fuzz.cpp — any bytes as what the client shows or is given: a text from the server
// moves no cursor and turns no line round, it ends somewhere on the terminal, and a target that is
// understood reads the same when it is written.
#include <cstdint>
#include <string_view>

#include "client/line_layout.hpp"
#include "client/safe_text.hpp"
#include "client/target.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::client {
namespace {

void fuzz_safe_text(std::string_view text) {
  const std::string safe = safe_text(text);
  for (std::string_view rest = safe; !rest.empty();) {
    const auto character = wire::take_character(rest);
    require(character.has_value());
    require(!wire::is_control(*character) && !wire::is_line_break(*character) &&
            !wire::is_bidi_control(*character));
  }
  require(safe_text(safe) == safe);
}

void fuzz_layout(std::string_view text) {
  for (const std::size_t columns : {2U, 3U, 80U}) {
    const Place place = place_behind(text, columns);
    require(place.column <= columns && place.row <= 8 * text.size());  // of tabs
    require(place_behind(as_drawn(text, columns), columns) == place);
  }
}

void fuzz_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) {
    require(!target.error().message().empty());
    return;
  }
  const auto again = parse_target(to_text(*target));
  require(again.has_value() && again->port == target->port && to_text(*again) == to_text(*target));
}

}  // namespace
}  // namespace chatd::client

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  chatd::client::fuzz_safe_text(text);
  chatd::client::fuzz_layout(text);
  chatd::client::fuzz_target(text);
  return 0;
}
