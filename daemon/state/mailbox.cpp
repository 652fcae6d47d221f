// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/mailbox.hpp"

#include <algorithm>
#include <array>

#include "daemon/state/crash_point.hpp"
#include "daemon/state/record_bytes.hpp"

namespace chatd::state {

Mailbox::Mailbox(const StateView& state, std::uint32_t slot) noexcept
    : slot_{state.native_slots()[slot]}, ring_{state.mailbox(slot)} {}

bool Mailbox::append(const RoomLog::Entry& entry) noexcept {
  const std::size_t size = record_size(entry);
  const std::uint64_t at = slot_.mailbox_tail.load(std::memory_order_relaxed);
  const std::uint64_t waiting = at - peer_of(slot_).acked[wire::kMailboxStream];
  if (size > kMaxRecordBytes || waiting + size > ring_.size()) return false;
  std::array<std::byte, kMaxRecordBytes> record;
  write_record(entry, 0, std::span{record}.first(size));
  crash_point();
  const std::size_t place = at % ring_.size();
  const std::size_t first = std::min(size, ring_.size() - place);
  store_words(ring_.data() + place, record.data(), first);
  store_words(ring_.data(), record.data() + first, size - first);
  crash_point();
  slot_.mailbox_last = at;
  slot_.mailbox_tail.store(at + size, std::memory_order_release);
  crash_point();
  return true;
}

std::uint64_t Mailbox::last_boundary(std::uint64_t offset) const noexcept {
  if (offset == tail()) return offset;
  std::uint64_t at = peer_of(slot_).acked[wire::kMailboxStream];
  while (at < offset) {
    std::uint32_t size = 0;  // what a record begins with
    read(at, std::as_writable_bytes(std::span{&size, 1}));
    if (size == 0 || size > offset - at) break;
    at += size;
  }
  return at;
}

void Mailbox::read(std::uint64_t offset, std::span<std::byte> out) const noexcept {
  // Cut anywhere, not only at words; nothing that is read here is being written.
  const std::size_t place = offset % ring_.size();
  const std::size_t first = std::min(out.size(), ring_.size() - place);
  std::copy_n(ring_.data() + place, first, out.data());
  std::copy_n(ring_.data(), out.size() - first, out.data() + first);
}

}  // namespace chatd::state
