// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_service.hpp — the lists of the fields of the structs that exist once in a service.
//
// Runs in:   supervisor. Pure. Functions of snapshot_write.cpp and snapshot_read.cpp encode and
//            decode what is kept.
// Invariant: as in snapshot_fields.hpp.
#pragma once

#include "common/base/fields.hpp"
#include "daemon/handover/snapshot_fields.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::handover {

template <>
struct KeptFields<state::Header> {
  static constexpr void fields(auto& v, auto& header) {
    v("magic", NotKept{header.magic});
    v("layout_version", NotKept{header.layout_version});
    v("abi_hash", NotKept{header.abi_hash});
    v("epoch", Separate{header.epoch});
    v("total_bytes", NotKept{header.total_bytes});
    v("ring_bytes", NotKept{header.ring_bytes});
    v("rooms", NotKept{header.rooms});
    v("room_ring_bytes", NotKept{header.room_ring_bytes});
    v("names", NotKept{header.names});
    v("sessions", NotKept{header.sessions});
    v("web_sessions", NotKept{header.web_sessions});
    v("started_wall", NotKept{header.started_wall});
  }
};
template <>
struct KeptFields<state::Keeping> {
  static constexpr void fields(auto& v, auto& keeping) {
    v("handed_over", NotKept{keeping.handed_over});
    v("take_overs", NotKept{keeping.take_overs});
    v("last_take_over_wall", NotKept{keeping.last_take_over_wall});
    v("last_room", Separate{keeping.last_room});
    v("count", Separate{keeping.sockets});
    v("sockets", Separate{keeping.socket});
  }
};
template <>
struct KeptFields<state::RoomHead> {
  static constexpr void fields(auto& v, auto& head) {
    v("log", Separate{head.log});
    v("next_sequence", Separate{head.next_sequence});
    v("crowd", Separate{head.crowd});
    v("begin_offset", Separate{head.begin_offset});
    v("begin_sequence", Separate{head.begin_sequence});
  }
};
static_assert(kListsAllMembers<state::Header, KeptFields<state::Header>>);
static_assert(kListsAllMembers<state::Keeping, KeptFields<state::Keeping>>);
static_assert(kListsAllMembers<state::RoomHead, KeptFields<state::RoomHead>>);

}  // namespace chatd::handover
