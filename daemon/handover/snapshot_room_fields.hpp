// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_room_fields.hpp — the lists of the fields that a snapshot keeps of a further room and of
// a subscription to one.
//
// Runs in:   supervisor. Pure.
// Invariant: as in snapshot_fields.hpp.
#pragma once

#include "daemon/handover/snapshot_fields.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::handover {

template <>
struct KeptFields<state::RoomSlot> {
  static constexpr void fields(auto& v, auto& room) {
    v("phase", NotKept{room.phase});  // `made`
    v("id", room.id);
    v("log", Separate{room.head});
    v("made", room.made_wall);
    v("empty_since", room.empty_since);
    v("maker_generation", room.maker_generation);
    v("maker_end", room.maker_end);
    v("maker", room.maker);
    v("maker_network", Flat{room.maker_network});
    v("born", Since{room.born, std::uint64_t{0}});  // 0: in this history
    v("maker_slot", room.maker_slot);
    v("kept", room.is_kept);
    v("has_lines", Since{room.has_lines, std::uint8_t{1}});  // unknown: it is not unused
    v("name_serial", NotKept{room.name_serial});
    v("name_bytes", NotKept{room.name_bytes});
    v("name", Separate{room.names});
    v("version", NotKept{room.version});
  }
};
template <>
struct KeptFields<state::SubscriptionAcks> {
  static constexpr void fields(auto& v, auto& acks) {
    v("acked", acks.acked);
    v("window", acks.window);
    v("holes", NotKept{acks.holes});  // these bytes are sent again
    v("hole", NotKept{acks.hole});
  }
};
template <>
struct KeptFields<state::Subscription> {
  static constexpr void fields(auto& v, auto& subscription) {
    v("room", Separate{subscription.room});
    v("change", subscription.change);
    v("acks", Flat{subscription.acks});
    v("phase", NotKept{subscription.phase});  // `member`
    v("is_quiet", NotKept{subscription.is_quiet});
    v("counted", Since{subscription.is_counted_join, std::uint8_t{0}});
    v("is_counted_leave", NotKept{subscription.is_counted_leave});
    v("counted_before", NotKept{subscription.counted_before});
    v("untold", Separate{subscription.late_join});
    v("is_late_leave", NotKept{subscription.is_late_leave});
    // Without these the worker sends again what is not acknowledged.
    v("sending_for", NotKept{subscription.sending_for});
    v("sending_to", NotKept{subscription.connection});
    v("sending", NotKept{subscription.stream});
  }
};

}  // namespace chatd::handover
