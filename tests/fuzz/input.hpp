// SPDX-License-Identifier: GPL-3.0-or-later
// input.hpp — reads a fuzzer's bytes as a sequence of small numbers and pieces of bytes.
//
// Runs in:   fuzz targets.
// Borrows:   the bytes.
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
  // The next byte; 0 after the end.
  std::uint8_t byte() noexcept {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  // Big endian.
  std::uint64_t number(std::size_t bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | byte();
    return value;
  }
  // A piece with its length in front: one byte or, if that is 255, the two bytes after it. Shorter
  // where the input ends.
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
