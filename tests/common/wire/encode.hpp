// SPDX-License-Identifier: GPL-3.0-or-later
// encode.hpp — code points to UTF-8, for tests that try many of them.
#pragma once

#include <string>

namespace chatd::wire {

// Surrogates too are encoded, as the bytes that a careless program would send.
inline std::string encoded(char32_t point) {
  const auto tail = [point](unsigned shift) {
    return static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  const auto lead = [point](unsigned marker, unsigned shift) {
    return static_cast<char>(marker | (point >> shift));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {lead(0xC0, 6), tail(0)};
  if (point < 0x10000) return {lead(0xE0, 12), tail(6), tail(0)};
  return {lead(0xF0, 18), tail(12), tail(6), tail(0)};
}

}  // namespace chatd::wire
