// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/wire/native/native_record.hpp"
#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/snapshot_room_fields.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_rules.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::RoomIndex;
using state::RoomPhase;
using state::RoomPlace;
using state::SubscriptionPhase;

json log_of(const logs::LogMemory& log, const state::RoomHead& room) {
  const logs::Offset from = log.oldest();
  std::vector<std::uint8_t> bytes(std::min(log.tail() - from, log.capacity()));
  log.copy(from, std::as_writable_bytes(std::span{bytes}));
  return {{"from", std::uint64_t{from}},
          {"next_sequence", room.next_sequence.load(std::memory_order_relaxed)},
          {"begin_offset", room.begin_offset},
          {"begin_sequence", room.begin_sequence},
          {"bytes", json::binary(std::move(bytes))}};
}

json crowd_of(const state::RoomHead& room) {
  const wire::Crowd crowd = state::untold(room);
  return {{"joined", crowd.joined}, {"left", crowd.left}};
}

RoomsWriter::Membership RoomsWriter::membership_of(const state::Subscription& subscription,
                                                   RoomPlace place) const {
  const auto row = static_cast<std::uint32_t>(place.index);
  if (row >= table_.capacity() || table_.place(place.index) != place) return Membership::none;
  switch (table_.phase(place.index)) {
    case RoomPhase::making:
    case RoomPhase::made:
      return membership_in_log(subscription, place.index);
    case RoomPhase::dropping: {
      // The log of a room that is dropped gets no record of the removals.
      const auto phase = subscription.phase.load(std::memory_order_relaxed);
      const bool was_member =
          phase == SubscriptionPhase::member || phase == SubscriptionPhase::removing;
      return was_member ? Membership::removed : Membership::none;
    }
    case RoomPhase::free:
      break;
  }
  return Membership::none;
}

// The record or the number of the last change is there.
bool RoomsWriter::has_told(const state::Subscription& subscription, RoomIndex room) const {
  if (!telling_of(subscription).is_counted) {
    return state_.room_log(room).tail() != subscription.change;
  }
  return state::counted(state_.room_slot(room).head.crowd) != subscription.counted_before;
}

RoomsWriter::Membership RoomsWriter::membership_in_log(const state::Subscription& subscription,
                                                       RoomIndex room) const {
  const bool has_record = has_told(subscription, room);
  const bool is_quiet = !telling_of(subscription).is_told();
  switch (subscription.phase.load(std::memory_order_relaxed)) {
    case SubscriptionPhase::member:
      return Membership::member;
    case SubscriptionPhase::entering:
      return has_record && !is_quiet ? Membership::member : Membership::none;
    case SubscriptionPhase::leaving:
      return has_record && !is_quiet ? Membership::none : Membership::member;
    case SubscriptionPhase::removing:
      return has_record || is_quiet ? Membership::removed : Membership::member;
    case SubscriptionPhase::free:
      break;
  }
  return Membership::none;
}

// False: the room has not been told of the join, or the record or the number of a late join is
// missing.
bool RoomsWriter::is_join_told(const state::Subscription& subscription, RoomIndex room) const {
  const auto late = subscription.late_join.load(std::memory_order_relaxed);
  if (late != state::LateJoin::telling) return late == state::LateJoin::told;
  return has_told(subscription, room);
}

bool RoomsWriter::is_member_told(state::Slot slot, RoomPlace room) const {
  return any_program(state_, slot, [&](state::Slot program) {
    const auto at = table_.find(program, room.id);
    const bool is_in = program == slot || table_.is_member(program, room.id);
    return at && is_in && is_join_told(table_.subscription(program, *at), room.index);
  });
}

void RoomsWriter::write_subscriptions(json& session, state::Slot slot) {
  json& rooms = session["rooms"] = json::array();
  json& removed = session["removed"] = json::array();
  table_.for_each(slot, [&](std::size_t at) {
    if (at >= state_.subscriptions(slot).size()) return;
    const state::Subscription& subscription = table_.subscription(slot, at);
    const auto place = state::room_place(subscription.room.load(std::memory_order_relaxed));
    json written{{"stream", wire::kFirstRoomStream + at},
                 {"room", static_cast<std::uint32_t>(place.id)}};
    switch (membership_of(subscription, place)) {
      case Membership::member:
        ++members_[static_cast<std::uint32_t>(place.index)];
        write_kept(written, subscription);
        written["untold"] = !is_member_told(slot, place);
        return rooms.push_back(std::move(written));
      case Membership::removed:
        written["name"] = table_.name(place.index);
        return removed.push_back(std::move(written));
      case Membership::none:
        return;
    }
  });
}

// A room whose maker has not entered it was not announced to any client.
bool RoomsWriter::is_kept(RoomIndex room) const {
  const RoomPhase phase = table_.phase(room);
  const bool has_members = members_[static_cast<std::uint32_t>(room)] != 0;
  return !table_.name(room).empty() &&
         (phase == RoomPhase::made || (phase == RoomPhase::making && has_members));
}

void RoomsWriter::write_rooms(json& snapshot) const {
  json rooms = json::array();
  std::uint64_t last = state_.keeping().last_room;
  for (std::uint32_t row = 0; row < table_.capacity(); ++row) {
    const state::RoomSlot& slot = table_.slot(RoomIndex{row});
    last = std::max<std::uint64_t>(last, slot.id.load(std::memory_order_relaxed));
    if (!is_kept(RoomIndex{row})) continue;
    json room;
    write_kept(room, slot);
    room["properties"] = properties_of(state_.properties(RoomIndex{row}));
    room["name"] = table_.name(RoomIndex{row});
    room["crowd"] = crowd_of(slot.head);
    room["log"] = log_of(state_.room_log(RoomIndex{row}), slot.head);
    rooms.push_back(std::move(room));
    state::crash_point();
  }
  snapshot["rooms"] = std::move(rooms);
  snapshot["last_room"] = last;
  if (const auto room = table_.appending()) {
    snapshot["appending"] = static_cast<std::uint32_t>(table_.place(*room).id);
  }
}

}  // namespace chatd::handover
