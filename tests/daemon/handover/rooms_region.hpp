// SPDX-License-Identifier: GPL-3.0-or-later
// rooms_region.hpp — a region with further rooms and native members in them, which a snapshot moves
// to another region.
//
// Runs in:   test programs.
// Owns:      as StateFixture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/room_checks.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {

class RoomsRegion : public test::StandaloneRegion {
 public:
  static constexpr state::Geometry kFourRooms{
      .sessions = 8, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 16384};
  explicit RoomsRegion(const state::Geometry& geometry = kFourRooms) : StandaloneRegion{geometry} {}

  void add_member(state::Slot slot, std::string_view name) {
    sessions_.open(slot, {.kind = state::SessionKind::native,
                          .delivery = test::delivery_to(test::endpoint("192.0.2.1:5000")),
                          .name = name,
                          .log_tail = 0,
                          .joined = kThen,
                          .now = test::mono_at(std::chrono::seconds{1})});
    sessions_.activate(slot);
  }
  // A room in phase `making`.
  state::RoomPlace begin_room(std::uint32_t row, std::uint32_t id, std::string_view name,
                              bool is_kept = false) {
    const state::RoomTable::Making::Maker maker{
        .session = {.slot = state::Slot{3}, .generation = state::Generation{5}},
        .end = 80,
        .identity = {std::byte{7}},
        .network = test::endpoint("192.0.2.9:1").address};
    rooms_.make(
        state::RoomIndex{row},
        {.id = state::RoomId{id}, .name = name, .is_kept = is_kept, .now = kThen, .maker = maker});
    return rooms_.place(state::RoomIndex{row});
  }
  state::RoomPlace make(std::uint32_t row, std::uint32_t id, std::string_view name,
                        bool is_kept = false) {
    const state::RoomPlace place = begin_room(row, id, name, is_kept);
    rooms_.settle(place.index);
    return place;
  }
  void begin_enter(state::Slot slot, std::size_t at, state::RoomPlace room) {
    const std::uint64_t tail = state_.room_log(room.index).tail();
    rooms_.enter(slot, at, {.room = room, .start = tail, .change = tail, .window = 5000});
  }
  void enter(state::Slot slot, std::size_t at, state::RoomPlace room) {
    begin_enter(slot, at, room);
    append(room, state::RecordKind::join, slot, {});
    rooms_.settle(slot, at);
  }
  void begin_leave(state::Slot slot, std::size_t at, state::RoomPlace room,
                   state::SubscriptionPhase phase = state::SubscriptionPhase::leaving) {
    rooms_.begin_leave(slot, at, state_.room_log(room.index).tail(), phase);
  }
  // The session begins to leave the server; append_leave() appends its record to the default room.
  void begin_leave(state::Slot slot, bool is_quiet = false) {
    sessions_.begin_leave(slot, state::LeaveKind::quit, state_.ring_head().tail.load(),
                          {.is_quiet = is_quiet});
  }
  void append_leave(state::Slot slot) {
    state::RoomLog{state_}.append({.kind = state::RecordKind::leave,
                                   .sender = sessions_.sender(slot),
                                   .name = sessions_.name(slot),
                                   .text = {},
                                   .time = kThen});
  }
  void append(state::RoomPlace room, state::RecordKind kind, state::Slot slot,
              std::string_view text) {
    rooms_.begin_append(room.index);
    state::RoomLog{state_, room.index}.append({.kind = kind,
                                               .sender = sessions_.sender(slot),
                                               .name = sessions_.name(slot),
                                               .text = text,
                                               .time = kThen});
    rooms_.end_append(room.index);
  }

  [[nodiscard]] nlohmann::json written() const {
    return nlohmann::json::from_cbor(write_snapshot(state_, keys_));
  }
  Result<Restored> read(const nlohmann::json& snapshot) {
    return read_snapshot(nlohmann::json::to_cbor(snapshot), state_, keys_, kNow);
  }
  // The row of the room that has the id, if there is one.
  [[nodiscard]] std::optional<state::RoomIndex> row_of(state::RoomId id) const {
    return test::row_of(state_, id);
  }
  // The sessions in the bitmap of a room.
  [[nodiscard]] std::vector<std::uint32_t> members_of(state::RoomId id) const {
    std::vector<std::uint32_t> all;
    const auto words = state_.room_members(row_of(id).value()).sessions;
    for (state::Slot slot{}; slot < state_.slots().size(); ++slot) {
      if ((words[slot / 64].load() >> (slot % 64) & 1U) != 0) all.push_back(slot);
    }
    return all;
  }
  // Each record of a room's log, as "NAME: TEXT".
  [[nodiscard]] std::vector<std::string> lines_of(state::RoomId id) const {
    std::vector<std::string> lines;
    for (const auto& record : test::records_of(state_.room_log(row_of(id).value()))) {
      lines.push_back(record.name + ": " + record.text);
    }
    return lines;
  }
  [[nodiscard]] const state::RoomTable& rooms() const { return rooms_; }
  [[nodiscard]] state::RoomTable& rooms() { return rooms_; }

  static constexpr state::Slot kAda{2};  // a slot
  static constexpr WallTime kThen{std::chrono::seconds{5}};
  static constexpr WallTime kNow{std::chrono::seconds{9}};

 private:
  state::SessionTable sessions_{state_};
  state::RoomTable rooms_{state_};
};

}  // namespace chatd::handover
