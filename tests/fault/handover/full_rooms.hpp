// SPDX-License-Identifier: GPL-3.0-or-later
// full_rooms.hpp — the further rooms of a kept service: the lab, whose log has wrapped around its
// ring, and the den, both with one member; the hall, which is kept without members; and a room that
// was dropped. The lab has an owner, a topic and is hidden; a name is banned from the server.
//
// Runs in:   fault tests.
// See:       tests/fault/handover/full_service.hpp
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/room_checks.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {

class FullRooms {
 public:
  static constexpr state::Geometry kGeometry{
      .sessions = 8, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 16384};

  // Makes the rooms. The session in the slot is a member of the lab and of the den.
  void make_in(const state::StateView& state, state::Slot member, WallTime now) {
    member_ = member;
    state::RoomTable table{state};
    const auto make = [&](std::uint32_t row, state::RoomId id, const char* name, bool is_kept) {
      const state::RoomIndex room{row};
      table.make(room, {.id = id, .name = name, .is_kept = is_kept, .now = now, .maker = {}});
      table.settle(room);
    };
    make(0, kLab, "lab", false);
    make(1, kHall, "hall", true);
    make(2, kDropped, "attic", false);
    make(3, kDen, "den", false);
    table.drop(state::RoomIndex{2});
    for (int i = 0; i < 60; ++i) append(state, 0, state::RecordKind::say, std::to_string(i));
    enter(state, table, 0, kLabAt);
    enter(state, table, 3, kDenAt);
    for (const state::RoomId id : {kLab, kHall, kDen}) logs_.push_back(log_of(state, id));
    set_topic(state.registry_head(), state.properties(state::RoomIndex{0}), "cyd", "physics", now);
    state.properties(state::RoomIndex{0}).is_hidden = true;
    state::RuleTable rules{state};
    rules.make(state::RuleIndex{0}, {.kind = state::RuleKind::owner,
                                     .target = state::RuleTarget::person,
                                     .room = kLab,
                                     .person = state::PersonId{5},
                                     .name = "cyd"});
    rules.make(
        state::RuleIndex{1},
        {.kind = state::RuleKind::ban, .target = state::RuleTarget::name, .name = "mallory"});
  }
  void expect_all(const state::StateView& state) const {
    const state::RoomTable table{state};
    std::size_t at = 0;
    for (const state::RoomId id : {kLab, kHall, kDen}) EXPECT_EQ(log_of(state, id), logs_[at++]);
    EXPECT_EQ(table.find(member_, kLab), kLabAt);
    EXPECT_EQ(table.find(member_, kDen), kDenAt);
    for (const auto& [id, is_member] :
         {std::pair{kLab, true}, std::pair{kHall, false}, std::pair{kDen, true}}) {
      const auto row = test::row_of(state, id);
      ASSERT_TRUE(row);
      const auto words = state.room_members(*row).sessions;
      EXPECT_EQ(words[0].load(), is_member ? 1ULL << member_ : 0);
      EXPECT_EQ(table.slot(*row).is_kept, id == kHall ? 1U : 0U);
    }
    EXPECT_GE(highest_id(state), static_cast<std::uint32_t>(kDropped));
    const auto& lab = state.properties(test::row_of(state, kLab).value());
    EXPECT_EQ(view_of(topic_of(lab).text), "physics");
    EXPECT_TRUE(lab.is_hidden);
    EXPECT_EQ(rules_in(state), (std::vector<std::string>{"1 cyd", "2 mallory"}));
  }
  // The new service has no rows for rooms.
  static void expect_only_the_ids(const state::StateView& state) {
    EXPECT_GE(highest_id(state), static_cast<std::uint32_t>(kDropped));
    EXPECT_EQ(rules_in(state), std::vector<std::string>{"2 mallory"});
    for (const auto& slot : state.native_slots()) EXPECT_EQ(slot.subscriptions.load(), 0U);
  }

 private:
  static constexpr state::RoomId kLab{3};
  static constexpr state::RoomId kHall{5};
  static constexpr state::RoomId kDropped{9};
  static constexpr state::RoomId kDen{8};
  static constexpr std::size_t kLabAt = 0;
  static constexpr std::size_t kDenAt = 30;

  void append(const state::StateView& state, std::uint32_t row, state::RecordKind kind,
              const std::string& text) const {
    state::RoomLog{state, state::RoomIndex{row}}.append(
        {.kind = kind,
         .sender = state::SessionTable{state}.sender(member_),
         .name = "cyd",
         .text = text + std::string(400, 'x'),
         .time = {}});
  }
  void enter(const state::StateView& state, state::RoomTable& table, std::uint32_t row,
             std::size_t at) const {
    const state::RoomIndex room{row};
    const std::uint64_t tail = state.room_log(room).tail();
    table.enter(member_, at,
                {.room = table.place(room), .start = tail, .change = tail, .window = 5000});
    append(state, row, state::RecordKind::join, {});
    table.settle(member_, at);
  }
  // Each record that can be read, as "sequence text".
  static std::vector<std::string> log_of(const state::StateView& state, state::RoomId id) {
    std::vector<std::string> all;
    const auto row = test::row_of(state, id);
    if (!row) return {"there is no such room"};
    for (const auto& record : test::records_of(state.room_log(*row))) {
      all.push_back(std::to_string(record.sequence) + ' ' + record.text);
    }
    return all;
  }
  // "ID NAME" of each rule, sorted.
  static std::vector<std::string> rules_in(const state::StateView& state) {
    const state::RuleTable rules{state};
    std::vector<std::string> all;
    for (std::uint32_t row = 0; row < rules.used(); ++row) {
      if (!rules.is_made(state::RuleIndex{row})) continue;
      const state::RuleSlot& rule = rules.row(state::RuleIndex{row});
      all.push_back(std::to_string(rule.id) + ' ' + std::string{view_of(rule.name)});
    }
    std::ranges::sort(all);
    return all;
  }
  static std::uint64_t highest_id(const state::StateView& state) {
    std::uint64_t highest = state.keeping().last_room;
    for (const auto& row : state.room_slots()) {
      highest = std::max<std::uint64_t>(highest, row.id.load());
    }
    return highest;
  }

  state::Slot member_{};
  std::vector<std::vector<std::string>> logs_;
};

}  // namespace chatd::handover
