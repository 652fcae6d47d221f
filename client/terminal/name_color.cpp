// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/name_color.hpp"

#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

std::uint32_t fnv_1a(std::string_view bytes) noexcept {
  constexpr std::uint32_t kStart = 2'166'136'261;
  constexpr std::uint32_t kPrime = 16'777'619;
  std::uint32_t hash = kStart;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return hash;
}

std::string_view text_of(const char* value) { return value == nullptr ? "" : value; }

}  // namespace

Colors colors_of(const char* no_color, const char* term, const char* colorterm) {
  if (!text_of(no_color).empty() || term == nullptr || text_of(term) == "dumb") {
    return Colors::none;
  }
  const std::string_view kind = text_of(colorterm);
  const bool has_many = text_of(term).contains("256color") || text_of(term).contains("direct") ||
                        kind == "truecolor" || kind == "24bit";
  return has_many ? Colors::many : Colors::few;
}

const NameColor& color_of(std::string_view name) {
  return kNameColors[fnv_1a(wire::folded_name(name)) % kNameColors.size()];
}

std::string_view color_of(std::string_view name, Colors colors) {
  if (colors == Colors::none) return {};
  const NameColor& color = color_of(name);
  return colors == Colors::many ? color.many : color.few;
}

}  // namespace chatd::client
