// SPDX-License-Identifier: GPL-3.0-or-later
// input.hpp — a fuzzer's bytes as a course of events: small numbers and pieces of bytes, one
// after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace chatd::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_{data, size} {}

  [[nodiscard]] bool is_over() const noexcept { return rest_.empty(); }
  // Behind the end all is 0.
  std::uint8_t byte() noexcept {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  std::uint64_t number(std::size_t bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | byte();
    return value;
  }
  // Its length comes first, in one byte or, from 255 on, two more.
  std::span<const std::byte> bytes() noexcept {
    std::size_t size = byte();
    if (size == 255) size = number(2);
    const auto piece = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(piece.size());
    return std::as_bytes(piece);
  }
  std::string_view text() noexcept {
    const auto piece = bytes();
    return {reinterpret_cast<const char*>(piece.data()), piece.size()};
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace chatd::fuzz
