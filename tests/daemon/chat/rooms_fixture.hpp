// SPDX-License-Identifier: GPL-3.0-or-later
// rooms_fixture.hpp — native members that make, enter and leave further rooms, without limits for
// those who make them.
//
// Runs in:   test programs.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/chat/each_room.hpp"
#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::chat {

class RoomsFixture : public NativeFixture {
 protected:
  // More sessions than a word of a bitmap has bits.
  static constexpr state::Geometry kManyRooms{
      .sessions = 70, .ring_bytes = 16384, .rooms = 48, .room_ring_bytes = 16384};
  explicit RoomsFixture(const state::Geometry& geometry = kManyRooms) : NativeFixture{geometry} {
    config_.limits.rooms_per_member = config_.limits.rooms_per_address = 0;
  }
  // Everything that a test did has left the rooms in order.
  ~RoomsFixture() override { expect_consistent(); }

  Rooms& rooms() { return chat_->rooms; }
  using Entered = std::expected<Rooms::Entered, wire::Reason>;
  Entered make(Slot slot, std::string_view name) { return rooms().make(by(slot), name); }
  Entered join(Slot slot, std::string_view name, const Room::Position& known = {}) {
    return rooms().enter(by(slot), name, known);
  }
  void leave(Slot slot, std::string_view name, state::LeaveKind kind = state::LeaveKind::quit) {
    const auto found = rooms().find(slot, id_of(name));
    if (found) rooms().leave(slot, *found, kind, {}, now());
  }
  bool say_in(Slot slot, state::RoomId room, std::string_view text) {
    const auto found = rooms().find(slot, room);
    if (!found) return false;
    rooms().post(found->room, {.kind = state::RecordKind::say,
                               .sender = sessions().sender(slot),
                               .name = sessions().name(slot),
                               .text = text,
                               .time = now().wall});
    return true;
  }
  bool say_in(Slot slot, std::string_view room, std::string_view text) {
    return say_in(slot, id_of(room), text);
  }
  Rooms::By by(Slot slot) { return {.slot = slot, .end = command_end_ += 10, .now = now()}; }
  // nullopt: it was not refused.
  static std::optional<wire::Reason> refusal(const Entered& entered) {
    if (entered) return std::nullopt;
    return entered.error();
  }

  bool exists(std::string_view name) { return rooms().find_name(name).has_value(); }
  state::RoomPlace place_of(std::string_view name) { return rooms().find_name(name).value(); }
  state::RoomId id_of(std::string_view name) { return place_of(name).id; }
  // The id of the room as it is in a command.
  std::string id_text(std::string_view name) { return test::id_text(id_of(name)); }
  logs::LogMemory log_of(std::string_view name) { return state_.room_log(place_of(name).index); }
  std::uint64_t tail_of(std::string_view name) { return log_of(name).tail(); }
  // "say ada hello"
  std::vector<std::string> texts_in(std::string_view room) { return texts(log_of(room)); }
  const state::Subscription& subscription(Slot slot, std::size_t at) {
    return state_.subscriptions(slot)[at];
  }
  void tick_after(Micros time) {
    time_ += time;
    rooms().tick(now());
  }
  void quit(Slot slot, state::LeaveKind kind = state::LeaveKind::quit) {
    sessions().remove(slot, kind, {}, now());
    rooms().leave_all(slot, kind, now());
    sessions().settle();
  }

  void expect_consistent() {
    const auto members = test::expect_consistent_rooms(state_);
    std::uint32_t count = 0;
    for_each_room(rooms(), [&](const state::RoomPlace& room) {
      const auto found = members.find(static_cast<std::uint32_t>(room.index));
      std::set<std::string> names;
      if (found != members.end()) {
        for (const std::uint32_t slot : found->second) names.emplace(sessions().name(Slot{slot}));
      }
      EXPECT_EQ(rooms().members(room.index), names.size());
      ++count;
    });
    EXPECT_EQ(rooms().size(), count);
    EXPECT_EQ(state_.counters().rooms_now.load(), count);
  }

 private:
  std::uint64_t command_end_{1000};
};

}  // namespace chatd::chat
