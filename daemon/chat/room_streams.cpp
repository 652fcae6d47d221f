// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_streams.hpp"

namespace chatd::chat {

std::expected<std::uint64_t, RoomStreams::NotTaken> RoomStreams::acknowledge(
    Slot member, const wire::AckFrame& ack) {
  if (ack.stream < wire::kFirstRoomStream) return std::unexpected{NotTaken::impossible};
  const std::size_t at = ack.stream - wire::kFirstRoomStream;
  if (!table_.is_in_use(member, at)) return std::unexpected{NotTaken::impossible};
  // The logs of two rooms have no offset in common: an ACK for another room that had the stream
  // before is outside of this log. For an ACK for the same room, see RoomTable::find_free().
  const auto end = tail(member, at);
  if (!end || ack.cumulative > *end) return std::unexpected{NotTaken::impossible};
  const std::uint64_t acked = table_.subscription(member, at).acks.acked;
  if (ack.cumulative < acked) return std::unexpected{NotTaken::old};
  table_.acknowledge(member, at, ack);
  return ack.cumulative - acked;
}

std::uint64_t RoomStreams::waiting(Slot member, std::uint8_t stream) const {
  const std::size_t at = stream - wire::kFirstRoomStream;
  const auto end = tail(member, at);
  return end ? *end - table_.subscription(member, at).acks.acked : 0;
}

}  // namespace chatd::chat
