// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/log_follower.hpp"

#include <cstring>

namespace chatd::logs {

namespace {

bool is_plausible(const wire::RecordHeader& header, std::uint64_t available) {
  return wire::is_record_size(header.size, available) &&
         std::uint64_t{sizeof header} + header.name_bytes + header.text_bytes <= header.size;
}

}  // namespace

LogFollower::Status LogFollower::next(wire::RecordView& record) noexcept {
  const std::uint64_t end = log_.tail();
  if (at_ == end) return Status::empty;
  if (at_ > end) return skip_to(end);
  if (end - at_ > log_.capacity()) return skip_to_oldest(end);

  wire::RecordHeader header{};
  log_.load(at_, std::as_writable_bytes(std::span{&header, 1}));
  const bool plausible = is_plausible(header, end - at_);
  const std::size_t rest = plausible ? header.size - sizeof header : 0;
  log_.load(Offset{at_ + sizeof header}, std::span{buffer_->bytes}.first(rest));

  // Everything above must be read before we look whether it was being overwritten.
  std::atomic_thread_fence(std::memory_order_acquire);
  if (log_.head().oldest.load(std::memory_order_relaxed) > at_) {
    return skip_to_oldest(end);
  }
  if (!plausible) return skip_to(end);

  const auto* text = reinterpret_cast<const char*>(buffer_->bytes.data());
  record = {.header = header,
            .name = {text, header.name_bytes},
            .text = {text + header.name_bytes, header.text_bytes}};
  at_ = Offset{at_ + header.size};
  return Status::record;
}

// `oldest` is always the beginning of a record: the follower resumes there and gets all records
// that still exist. An `oldest` that is not ahead of a lapped cursor cannot be right.
LogFollower::Status LogFollower::skip_to_oldest(std::uint64_t tail) noexcept {
  const Offset oldest = log_.oldest();
  if (oldest <= at_) return skip_to(tail);
  at_ = oldest;
  return Status::lapped;
}

LogFollower::Status LogFollower::skip_to(std::uint64_t tail) noexcept {
  at_ = Offset{tail};
  return Status::corrupt;
}

Offset next_boundary(const LogMemory& log, RecordBuffer& buffer, Offset from,
                     Offset offset) noexcept {
  LogFollower follower{log, buffer, from};
  wire::RecordView record{};
  while (follower.cursor() < offset && follower.next(record) != LogFollower::Status::empty) {
  }
  return follower.cursor();
}

CopiedBytes read_bytes(const LogMemory& log, Offset offset, std::span<std::byte> out) noexcept {
  // Whole words, as they are written, and of these the bytes from `offset` on.
  const std::uint64_t from = offset / 8 * 8;
  const std::uint64_t to = (offset + out.size() + 7) / 8 * 8;
  alignas(8) std::array<std::byte, wire::kMaxRecordBytes + 16> words;
  if (offset < log.oldest() || to - from > words.size()) {
    return {.lapped = true, .next = log.oldest()};
  }
  log.load(Offset{from}, std::span{words}.first(to - from));
  std::atomic_thread_fence(std::memory_order_acquire);
  const Offset oldest{log.head().oldest.load(std::memory_order_relaxed)};
  if (oldest > offset) return {.lapped = true, .next = oldest};
  std::memcpy(out.data(), words.data() + (offset - from), out.size());
  return {.lapped = false, .next = Offset{offset + out.size()}};
}

}  // namespace chatd::logs
