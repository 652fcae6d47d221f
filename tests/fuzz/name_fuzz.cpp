// SPDX-License-Identifier: GPL-3.0-or-later
// name_fuzz.cpp — any bytes as a name: what is accepted is safe to show, and stays the same.
#include "common/wire/name.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/wire/phrases.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

using namespace chatd::wire;

namespace {

void require_safe_to_show(std::string_view text) {
  require(!text.empty() && text.size() <= kMaxNameBytes);
  std::size_t characters = 0;
  while (!text.empty()) {
    const auto character = take_character(text);
    require(character.has_value());
    require(!is_white_space(*character) && !is_control(*character));
    require(!is_bidi_control(*character) && is_printable(*character));
    ++characters;
  }
  require(characters <= kMaxNameCharacters);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw{reinterpret_cast<const char*>(data), size};
  const auto name = check_name(raw);
  if (!name) {
    require(!phrase(Language::en, phrase_of(name.error())).empty());
    return 0;
  }
  require_safe_to_show(name->text);
  require(!name->key.empty() && name->key.size() <= kMaxNameKeyBytes && is_utf8(name->key));
  require(check_name(name->text) == *name);
  require(name_key(raw) == name->key);
  require(name_key(name->text) == name->key);
  return 0;
}
