// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_log_reader.hpp"

#include <cstring>

#include "daemon/state/words.hpp"

namespace chatd::state {

namespace {

bool is_plausible(const RecordHeader& header, std::uint64_t available) {
  return is_record_size(header.size, available) &&
         std::uint64_t{sizeof(RecordHeader)} + header.name_bytes + header.text_bytes <= header.size;
}

}  // namespace

RoomLogReader::RoomLogReader(const StateView& state) noexcept
    : head_{state.ring_head()},
      ring_{state.ring().data()},
      mask_{state.geometry().ring_bytes - 1} {}

std::uint64_t RoomLogReader::tail() const noexcept {
  return head_.tail.load(std::memory_order_acquire);
}

RoomLogReader::Outcome RoomLogReader::read(std::uint64_t offset, Record& record) noexcept {
  const std::uint64_t end = tail();
  if (offset == end) return {.status = Status::empty, .next = offset};
  if (offset > end) return {.status = Status::corrupt, .next = end};
  if (end - offset > mask_ + 1) return lapped();

  const std::byte* at = ring_ + (offset & mask_);
  RecordHeader header{};
  load_words(reinterpret_cast<std::byte*>(&header), at, sizeof header);
  const bool plausible = is_plausible(header, end - offset);
  if (plausible) load_words(copy_.data(), at, header.size);

  // Everything above must be read before we look whether it was being overwritten.
  std::atomic_thread_fence(std::memory_order_acquire);
  if (head_.oldest.load(std::memory_order_relaxed) > offset) return lapped();
  if (!plausible) return {.status = Status::corrupt, .next = end};

  const auto* text = reinterpret_cast<const char*>(copy_.data()) + sizeof header;
  record = {.kind = header.kind,
            .sender = {.slot = header.sender_slot, .generation = header.sender_generation},
            .sequence = header.sequence,
            .time = WallTime{Micros{header.wall_time}},
            .uplink_offset = header.uplink_offset,
            .name = {text, header.name_bytes},
            .text = {text + header.name_bytes, header.text_bytes}};
  return {.status = Status::record, .next = offset + header.size};
}

RoomLogReader::Copied RoomLogReader::read_bytes(std::uint64_t offset,
                                                std::span<std::byte> out) const noexcept {
  // Whole words, as they are written, and then what was asked for of them.
  const std::uint64_t from = offset / 8 * 8;
  const std::uint64_t to = (offset + out.size() + 7) / 8 * 8;
  alignas(8) std::array<std::byte, kMaxRecordBytes + 16> words;
  if (offset < head_.oldest.load(std::memory_order_acquire) || to - from > words.size()) {
    return {.lapped = true, .next = head_.oldest.load(std::memory_order_acquire)};
  }
  load_words(words.data(), ring_ + (from & mask_), to - from);
  std::atomic_thread_fence(std::memory_order_acquire);
  const std::uint64_t oldest = head_.oldest.load(std::memory_order_relaxed);
  if (oldest > offset) return {.lapped = true, .next = oldest};
  std::memcpy(out.data(), words.data() + (offset - from), out.size());
  return {.next = offset + out.size()};
}

// `oldest` is always the beginning of a record: the reader resumes there and gets all that
// there still is.
RoomLogReader::Outcome RoomLogReader::lapped() const noexcept {
  return {.status = Status::lapped, .next = head_.oldest.load(std::memory_order_acquire)};
}

}  // namespace chatd::state
