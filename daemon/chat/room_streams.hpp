// SPDX-License-Identifier: GPL-3.0-or-later
// room_streams.hpp — the streams of a member's further rooms: where their logs end, and what the
// member has acknowledged.
//
// Runs in:   gateway.
// Borrows:   the StateView.
// Pure:      no descriptor, no clock.
// Invariant: an acknowledgement that the member cannot have sent changes nothing.
// Hot path:  acknowledge() does not allocate.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "daemon/chat/types.hpp"
#include "daemon/state/room_table.hpp"

namespace chatd::chat {

class RoomStreams {
 public:
  explicit RoomStreams(const state::StateView& state) : state_{state}, table_{state} {}

  // `old`: it says less than an earlier one. `impossible`: the member has no such stream, or the
  // stream no such bytes.
  enum class NotTaken : std::uint8_t { old, impossible };
  // Returns the bytes that it says more than the last one.
  std::expected<std::uint64_t, NotTaken> acknowledge(Slot member, const wire::AckFrame& ack);
  // The bytes of a stream of the member that it has not acknowledged.
  [[nodiscard]] std::uint64_t waiting(Slot member, std::uint8_t stream) const;
  // Calls take(stream, end of its log) for each stream of the member.
  template <class Take>
  void for_each(Slot member, Take take) const {
    table_.for_each(member, [&](std::size_t at) {
      const auto end = tail(member, at);
      if (end) take(static_cast<std::uint8_t>(wire::kFirstRoomStream + at), *end);
    });
  }

 private:
  // The end of the log of subscription `at`; nullopt: the subscription has no valid room.
  [[nodiscard]] std::optional<state::Offset> tail(Slot member, std::size_t at) const {
    const auto room = table_.place_of(member, at);
    if (!room) return std::nullopt;
    return state_.room_log(room->index).tail();
  }

  const state::StateView& state_;
  state::RoomTable table_;
};

}  // namespace chatd::chat
