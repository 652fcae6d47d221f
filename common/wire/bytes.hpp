// SPDX-License-Identifier: GPL-3.0-or-later
// bytes.hpp — little-endian integers out of and into bytes, with a cursor that cannot leave
// them.
//
// Runs in:   every process that speaks the native protocol.
// Borrows:   the bytes. Pure; nothing allocates.
// Invariant: a reader that was asked for more than there is gives zeros from then on and is
//            not ok(); a writer that is full writes nothing more and is not ok(). One look at
//            the end is enough.
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
  // Empty, and not ok() any more, if there are not so many.
  [[nodiscard]] Bytes take_bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
      rest_ = {};
      ok_ = false;
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
  [[nodiscard]] Bytes rest() const noexcept { return rest_; }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  Bytes rest_;
  bool ok_{true};
};

class ByteWriter {
 public:
  explicit ByteWriter(std::span<std::byte> room) noexcept : room_{room} {}

  template <std::unsigned_integral T>
  void put(T value) noexcept {
    put_bytes(std::as_bytes(std::span{&value, 1}));
  }
  void put_bytes(Bytes bytes) noexcept {
    if (bytes.size() > left()) {
      ok_ = false;
      return;
    }
    if (!bytes.empty()) std::memcpy(room_.data() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }
  void put_text(std::string_view text) noexcept { put_bytes(std::as_bytes(std::span{text})); }
  // So many bytes of zeros.
  void put_zeros(std::size_t count) noexcept {
    if (count > left()) {
      ok_ = false;
      return;
    }
    std::ranges::fill(room_.subspan(used_, count), std::byte{0});
    used_ += count;
  }
  [[nodiscard]] std::size_t left() const noexcept { return ok_ ? room_.size() - used_ : 0; }
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] Bytes written() const noexcept { return room_.first(used_); }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  std::span<std::byte> room_;
  std::size_t used_{0};
  bool ok_{true};
};

}  // namespace chatd::wire
