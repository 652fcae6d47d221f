// SPDX-License-Identifier: GPL-3.0-or-later
// bytes.hpp — reads and writes little-endian integers in a buffer, with bounds checks.
//
// Runs in:   every process that speaks the native protocol.
// Borrows:   the bytes. Pure; nothing allocates.
// Invariant: a reader that is asked for more bytes than are left returns zeros from then on and
//            is not ok(). A writer whose buffer is full writes nothing more and is not ok(). So
//            the caller checks ok() once, at the end.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace chatd::wire {

static_assert(std::endian::native == std::endian::little,
              "integers are copied as they are; another machine needs std::byteswap here");

using Bytes = std::span<const std::byte>;

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) noexcept : rest_{bytes} {}

  template <std::unsigned_integral T>
  [[nodiscard]] T take() noexcept {
    T value{};
    if (const Bytes from = take_bytes(sizeof value); from.size() == sizeof value) {
      std::memcpy(&value, from.data(), sizeof value);
    }
    return value;
  }
  // Empty, and the reader is not ok(), if fewer bytes are left.
  [[nodiscard]] Bytes take_bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
      fail();
      return {};
    }
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  [[nodiscard]] std::string_view take_text(std::size_t count) noexcept {
    const Bytes taken = take_bytes(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  void take_into(std::span<std::byte> to) noexcept {
    const Bytes from = take_bytes(to.size());
    std::ranges::copy(from, to.begin());
  }
  // The bytes are malformed: nothing more is read.
  void fail() noexcept {
    rest_ = {};
    ok_ = false;
  }
  [[nodiscard]] Bytes rest() const noexcept { return rest_; }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  Bytes rest_;
  bool ok_{true};
};

class ByteWriter {
 public:
  explicit ByteWriter(std::span<std::byte> buffer) noexcept : buffer_{buffer} {}

  template <std::unsigned_integral T>
  void put(T value) noexcept {
    put_bytes(std::as_bytes(std::span{&value, 1}));
  }
  void put_bytes(Bytes bytes) noexcept {
    if (bytes.size() > left()) {
      ok_ = false;
      return;
    }
    if (!bytes.empty()) std::memcpy(buffer_.data() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }
  void put_text(std::string_view text) noexcept { put_bytes(std::as_bytes(std::span{text})); }
  void put_zeros(std::size_t count) noexcept {
    if (count > left()) {
      ok_ = false;
      return;
    }
    std::ranges::fill(buffer_.subspan(used_, count), std::byte{0});
    used_ += count;
  }
  [[nodiscard]] std::size_t left() const noexcept { return ok_ ? buffer_.size() - used_ : 0; }
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] Bytes written() const noexcept { return buffer_.first(used_); }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  std::span<std::byte> buffer_;
  std::size_t used_{0};
  bool ok_{true};
};

// Counts the bytes that a ByteWriter would write.
class ByteCounter {
 public:
  template <std::unsigned_integral T>
  constexpr void put(T /*value*/) noexcept {
    size_ += sizeof(T);
  }
  constexpr void put_bytes(Bytes bytes) noexcept { size_ += bytes.size(); }
  constexpr void put_text(std::string_view text) noexcept { size_ += text.size(); }
  constexpr void put_zeros(std::size_t count) noexcept { size_ += count; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

 private:
  std::size_t size_{0};
};

}  // namespace chatd::wire
