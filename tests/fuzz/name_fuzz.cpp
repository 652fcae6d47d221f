// SPDX-License-Identifier: GPL-3.0-or-later
// name_fuzz.cpp — fuzz target for names: a name that is accepted is safe to show, and is the same
// after it is checked again.
#include "common/wire/name.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/skeleton.hpp"
#include "common/wire/text/phrases.hpp"
#include "common/wire/unicode.hpp"
#include "tests/common/wire/encode.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::wire {
namespace {

void require_safe_to_show(std::string_view text) {
  require(!text.empty() && text.size() <= kMaxNameBytes);
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) {
    const auto character = take_character(text);
    require(character.has_value());
    const char32_t point = character.value_or(0);
    require(!is_white_space(point) && !is_control(point));
    require(!is_bidi_control(point) && is_printable(point));
  }
  require(characters <= kMaxNameCharacters);
}

void require_skeleton(std::string_view key) {
  const std::string once = skeleton(key);
  require(is_utf8(once) && once.size() <= kMaxSkeletonBytes);
  require(skeleton(once) == once || once.size() > kMaxSkeletonBytes / 2);
}

void require_stable(std::string_view raw) {
  (void)skeleton(raw);
  const auto name = check_name(raw);
  if (!name) {
    require(!phrase(Language::en, reason_of(name.error())).empty());
    return;
  }
  require_safe_to_show(name->text);
  require(!name->key.empty() && name->key.size() <= kMaxFoldedNameBytes && is_utf8(name->key));
  require(check_name(name->text) == *name);
  require(folded_name(raw) == name->key);
  require(folded_name(name->text) == name->key);
  require_skeleton(name->key);
}

// Takes three bytes for one code point: random bytes are hardly ever UTF-8.
std::string as_code_points(std::span<const std::uint8_t> data) {
  std::string text;
  for (; data.size() >= 3; data = data.subspan(3)) {
    const std::uint32_t number =
        (std::uint32_t{data[0]} << 16U) | (std::uint32_t{data[1]} << 8U) | data[2];
    text += encoded(static_cast<char32_t>(number % 0x110000));
  }
  return text;
}

void fuzz_name(std::span<const std::uint8_t> data) {
  require_stable({reinterpret_cast<const char*>(data.data()), data.size()});
  require_stable(as_code_points(data));
}

}  // namespace
}  // namespace chatd::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::wire::fuzz_name({data, size});
  return 0;
}
