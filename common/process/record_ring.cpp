// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/record_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "common/process/robust_mutex.hpp"

namespace chatd::process {
namespace {

constexpr std::size_t kLengthSize = sizeof(std::uint64_t);

}  // namespace

std::size_t RecordRing::footprint(std::size_t size) noexcept {
  return kLengthSize + (size + kLengthSize - 1) / kLengthSize * kLengthSize;
}

std::size_t RecordRing::capacity_for(std::size_t bytes) noexcept {
  return std::bit_ceil(std::max(bytes, kLengthSize));
}

std::size_t RecordRing::used() const noexcept {
  // Head first: it never passes the tail, so the difference is never negative.
  const auto head = head_.load(std::memory_order_acquire);
  return tail_.load(std::memory_order_acquire) - head;
}

void RecordRing::write(std::uint64_t position, Bytes bytes) noexcept {
  const std::size_t start = position & (capacity_ - 1);
  const std::size_t before_wrap = std::min(bytes.size(), capacity_ - start);
  if (before_wrap > 0) std::memcpy(data() + start, bytes.data(), before_wrap);
  if (before_wrap < bytes.size()) {
    std::memcpy(data(), bytes.data() + before_wrap, bytes.size() - before_wrap);
  }
}

void RecordRing::read(std::uint64_t position, std::span<std::byte> bytes) const noexcept {
  const std::size_t start = position & (capacity_ - 1);
  const std::size_t before_wrap = std::min(bytes.size(), capacity_ - start);
  if (before_wrap > 0) std::memcpy(bytes.data(), data() + start, before_wrap);
  if (before_wrap < bytes.size()) {
    std::memcpy(bytes.data() + before_wrap, data(), bytes.size() - before_wrap);
  }
}

void RecordRing::prepare(std::initializer_list<Bytes> pieces) noexcept {
  const auto tail = tail_.load(std::memory_order_relaxed);
  std::uint64_t position = tail + kLengthSize;
  for (const Bytes piece : pieces) {
    write(position, piece);
    position += piece.size();
  }
  const std::uint64_t length = position - tail - kLengthSize;
  write(tail, std::as_bytes(std::span{&length, 1}));
  prepared_ = tail + footprint(length);
}

void RecordRing::commit() noexcept { publish(tail_, prepared_); }

std::size_t RecordRing::front_size() const noexcept {
  std::uint64_t length = 0;
  read(head_.load(std::memory_order_relaxed), std::as_writable_bytes(std::span{&length, 1}));
  return length;
}

void RecordRing::copy_front(std::span<std::byte> into, std::size_t from) const noexcept {
  read(head_.load(std::memory_order_relaxed) + kLengthSize + from, into);
}

void RecordRing::remove_front() noexcept {
  publish(head_, head_.load(std::memory_order_relaxed) + footprint(front_size()));
}

}  // namespace chatd::process
