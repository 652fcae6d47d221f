// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/mailboxes.hpp"

#include <array>
#include <bit>
#include <span>

namespace chatd::chat {

namespace {

constexpr std::size_t kLeftBody = wire::encoded_bytes(wire::LeftRoom{});
static_assert(sizeof(wire::RecordHeader) + kLeftBody + Mailboxes::kShortReason.size() <=
              Mailboxes::kLeftBytes);
// A mailbox that keeps space for all rooms still takes the longest part of a list.
static_assert(state::kMailboxBytes >= state::kSubscriptions * Mailboxes::kLeftBytes + 2112);

// The bit of the stream in NativeSlot.subscriptions.
constexpr std::uint32_t bit_of(std::uint8_t stream) noexcept {
  return stream < wire::kFirstRoomStream ? 0 : 1U << (stream - wire::kFirstRoomStream);
}

}  // namespace

bool Mailboxes::has_space(Slot session, const logs::Entry& entry,
                          std::size_t rooms) const noexcept {
  const std::uint32_t in_use =
      state_.native_slots()[session].subscriptions.load(std::memory_order_relaxed);
  const std::size_t kept = (static_cast<std::size_t>(std::popcount(in_use)) + rooms) * kLeftBytes;
  return state::Mailbox{state_, session}.has_space(logs::record_size(entry) + kept);
}

bool Mailboxes::deliver_left(Slot session, const Left& left) {
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
  state::Mailbox mailbox{state_, session};
  const std::uint32_t others =
      state_.native_slots()[session].subscriptions.load(std::memory_order_relaxed) &
      ~bit_of(left.room.stream);
  const logs::Entry whole = entry(left.name, left.reason);
  const auto kept = static_cast<std::size_t>(std::popcount(others)) * kLeftBytes;
  if (mailbox.has_space(logs::record_size(whole) + kept)) return mailbox.append(whole);
  return mailbox.append(entry({}, left.reason.empty() ? "" : kShortReason));
}

}  // namespace chatd::chat
