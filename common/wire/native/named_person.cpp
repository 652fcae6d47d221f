// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/named_person.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace chatd::wire {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

NamedPerson read_named(std::string_view text) noexcept {
  const NamedPerson only_name{.name = text};
  if (text.size() <= kPersonBytes || text[text.size() - kPersonBytes] != '\t') return only_name;
  const std::string_view digits = text.substr(text.size() - kPersonBytes + 1);
  if (digits.find_first_not_of(kDigits) != std::string_view::npos) return only_name;
  NamedPerson named{.name = text.substr(0, text.size() - kPersonBytes)};
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), named.person, 16);
  return named;
}

std::string_view write_named(const NamedPerson& named, std::span<char> out) noexcept {
  const std::size_t name_bytes = named.name.copy(out.data(), out.size());
  if (named.person == 0 || out.size() - name_bytes < kPersonBytes) return {out.data(), name_bytes};
  out[name_bytes] = '\t';
  std::uint64_t rest = named.person;
  for (std::size_t at = name_bytes + kPersonBytes - 1; at > name_bytes; --at, rest /= 16) {
    out[at] = kDigits[rest % 16];
  }
  return {out.data(), name_bytes + kPersonBytes};
}

}  // namespace chatd::wire
