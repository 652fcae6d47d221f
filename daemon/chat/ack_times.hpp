// SPDX-License-Identifier: GPL-3.0-or-later
// ack_times.hpp — measures how long messages take until native members have acknowledged them.
//
// Runs in:   gateway, with each acknowledgement of a room's stream.
// Borrows:   the shared state, which has the histogram.
// Invariant: one observation for each acknowledgement, of the oldest message that it is the first
//            to acknowledge. A member that acknowledges what it has not received falsifies no other
//            observation than its own. Does not allocate.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.hpp"
#include "daemon/log/message_times.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::chat {

class AckTimes {
 public:
  explicit AckTimes(const state::StateView& state) : state_{state}, rooms_{state} {}

  // The member has acknowledged the bytes of the stream from `from` up to `to`. Not of its mailbox.
  void note(state::Slot member, std::uint8_t stream, std::uint64_t from, std::uint64_t to,
            WallTime now) {
    if (from >= to) return;
    const auto log = log_of(member, stream, from);
    if (!log) return;
    const auto appended = times_.oldest(*log, from, to);
    // Older messages waited for the member: it was away, or not in.
    const std::int64_t timed_from =
        state_.native_slots()[member].timed_from.load(std::memory_order_relaxed);
    if (!appended || *appended <= timed_from) return;
    state::observe(state_.gateway_figures().ack, now.time_since_epoch().count() - *appended);
  }

 private:
  // nullopt: of a further room that it is not in, or from before it entered the room.
  [[nodiscard]] std::optional<logs::LogMemory> log_of(state::Slot member, std::uint8_t stream,
                                                      std::uint64_t from) const {
    if (stream < wire::kFirstRoomStream) return state_.room_log();
    const std::size_t at = stream - wire::kFirstRoomStream;
    const auto place = rooms_.place_of(member, at);
    if (!place || from < rooms_.subscription(member, at).change) return std::nullopt;
    return state_.room_log(place->index);
  }

  const state::StateView& state_;
  state::RoomTable rooms_;
  logs::MessageTimes times_;
};

}  // namespace chatd::chat
