// SPDX-License-Identifier: GPL-3.0-or-later
// hex.hpp — converts test data between bytes and hexadecimal text.
//
// Runs in:   test programs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/keys.hpp"

namespace chatd::crypto {

inline std::vector<std::byte> from_hex(std::string_view text) {
  std::vector<std::byte> bytes;
  for (; text.size() >= 2; text.remove_prefix(2)) {
    bytes.push_back(std::byte(std::stoi(std::string{text.substr(0, 2)}, nullptr, 16)));
  }
  return bytes;
}

inline Key key_from_hex(std::string_view text) {
  const std::vector<std::byte> bytes = from_hex(text);
  Key key{};
  if (bytes.size() != key.size()) throw std::invalid_argument{"not the hex of a key"};
  std::ranges::copy(bytes, key.begin());
  return key;
}

inline std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4U)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span{text});
}

}  // namespace chatd::crypto
