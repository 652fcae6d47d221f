// SPDX-License-Identifier: GPL-3.0-or-later
// member_streams.hpp — the streams of one native member, for the plan of what to send: its mailbox,
// the default room, and the further rooms that it is in.
//
// Runs in:   worker, for one member at a time.
// Borrows:   the StateView. Owns: copies of what the member has acknowledged; nothing is allocated
//            after construction.
// Invariant: a subscription that changes while it is read is left out; the gateway calls after each
//            change. A stream of a further room without bytes to send or in flight is left out.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/transport/down_sender.hpp"
#include "daemon/log/log_memory.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::worker {

class MemberStreams {
 public:
  explicit MemberStreams(const state::StateView& state);

  // Of the member in `slot`. `room_tail`: how far the default room is to be sent now.
  void collect(state::Slot slot, const state::NativePeer& peer, std::uint64_t room_tail);

  // Valid until the next collect(); in the order of the streams' numbers.
  [[nodiscard]] std::span<transport::SendStream> streams() noexcept {
    return std::span{streams_}.first(logs_.size());
  }
  // The log of each.
  [[nodiscard]] std::span<const logs::LogMemory> logs() const noexcept { return logs_; }
  // Bytes of a further room below are from before the member entered it.
  [[nodiscard]] std::uint64_t live_from(std::size_t stream) const noexcept {
    return live_from_[stream];
  }

 private:
  void add(const transport::SendStream& stream, const logs::LogMemory& log,
           std::uint64_t live_from = 0) {
    live_from_[logs_.size()] = live_from;
    streams_[logs_.size()] = stream;
    logs_.push_back(log);
  }
  void add_room(state::Subscription& one, std::size_t at, const state::NativePeer& peer);

  const state::StateView& state_;
  logs::LogMemory room_;
  std::array<transport::SendStream, wire::kFirstRoomStream + state::kSubscriptions> streams_{};
  std::array<std::uint64_t, wire::kFirstRoomStream + state::kSubscriptions> live_from_{};
  std::vector<logs::LogMemory> logs_;
  std::array<state::SubscriptionAcks, state::kSubscriptions> acks_{};
};

}  // namespace chatd::worker
