// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/mailbox.hpp"

#include <array>
#include <bit>

#include "daemon/state/room_slot.hpp"

namespace chatd::state {

namespace {

constexpr std::size_t kLeftBody = wire::encoded_bytes(wire::LeftRoom{});
static_assert(sizeof(wire::RecordHeader) + kLeftBody + kShortReason.size() <= kLeftBytes);
// A mailbox that keeps space for all rooms still takes the longest part of a list.
static_assert(kMailboxBytes >= kSubscriptions * kLeftBytes + 2112);

// The bit of the stream in NativeSlot.subscriptions.
constexpr std::uint32_t bit_of(std::uint8_t stream) noexcept {
  return stream < wire::kFirstRoomStream ? 0 : 1U << (stream - wire::kFirstRoomStream);
}

}  // namespace

std::size_t Mailbox::rooms(std::uint8_t except) const noexcept {
  const std::uint32_t in_use = slot_.subscriptions.load(std::memory_order_relaxed);
  return static_cast<std::size_t>(std::popcount(in_use & ~bit_of(except)));
}

bool Mailbox::append(const logs::Entry& entry, logs::Sequence number) noexcept {
  const std::size_t size = logs::record_size(entry);
  if (size > log_.capacity()) return false;
  std::array<std::byte, kMailboxBytes> buffer;
  const auto record = std::span{buffer}.first(size);
  logs::write_record(entry, number, record);
  logs::LogWriter writer{log_, logs::WhenFull::refuse};
  writer.release(Offset{peer_of(slot_).acked[wire::kMailboxStream]});
  return writer.append(record).has_value();
}

bool Mailbox::append_left(const Left& left, std::size_t others) noexcept {
  std::array<char, kLeftBody + kMaxReasonBytes> text{};
  wire::ByteWriter out{std::as_writable_bytes(std::span{text})};
  wire::encode(out, left.room);
  const auto entry = [&](std::string_view name, std::string_view reason) {
    const std::size_t bytes = reason.copy(text.data() + kLeftBody, kMaxReasonBytes);
    return logs::Entry{.kind = wire::RecordKind::left,
                       .sender = left.session,
                       .name = name,
                       .text = {text.data(), kLeftBody + bytes},
                       .time = left.time,
                       .uplink_offset = left.uplink_offset};
  };
  const logs::Entry whole = entry(left.name, left.reason);
  if (has_space(logs::record_size(whole) + others * kLeftBytes)) return append(whole);
  const logs::Entry brief = entry({}, left.reason.empty() ? "" : kShortReason);
  return has_space(logs::record_size(brief) + others * kLeftBytes) && append(brief);
}

std::size_t Mailbox::unread(wire::RecordKind kind) const noexcept {
  std::size_t bytes = 0;
  const bool is_possible = for_each_unread([&](const wire::RecordHeader& header, Offset) {
    if (header.kind == kind) bytes += header.size;
  });
  return is_possible ? bytes : log_.capacity();
}

Offset Mailbox::last_boundary(std::uint64_t offset) const noexcept {
  if (offset == tail()) return Offset{offset};
  std::uint64_t at = peer_of(slot_).acked[wire::kMailboxStream];
  while (at < offset) {
    std::uint32_t size = 0;  // a record begins with its size
    read(at, std::as_writable_bytes(std::span{&size, 1}));
    if (size == 0 || size > offset - at) break;
    at += size;
  }
  return Offset{at};
}

}  // namespace chatd::state
