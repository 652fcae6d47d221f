// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/room_checks.hpp"

#include <gtest/gtest.h>

#include "common/wire/native/native_command.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {

std::string id_text(state::RoomId room) {
  const auto text = wire::as_argument(wire::RoomAddress{static_cast<wire::RoomId>(room)});
  return {text.data(), text.size()};
}

namespace {

using state::RoomPhase;
using state::SubscriptionPhase;

bool is_native_member(const state::StateView& state, state::Slot slot) {
  const state::SessionSlot& session = state.slots()[slot];
  const auto phase = session.phase.load();
  return session.kind == state::SessionKind::native &&
         (phase == state::SessionPhase::joining || phase == state::SessionPhase::active);
}

void expect_subscription(const state::StateView& state, state::Slot slot, std::size_t at,
                         RoomMembers& members) {
  const state::Subscription& one = state.subscriptions(slot)[at];
  const auto place = state::room_place(one.room.load());
  const auto row = static_cast<std::uint32_t>(place.index);
  EXPECT_TRUE(is_native_member(state, slot)) << "slot " << slot;
  EXPECT_EQ(one.phase.load(), SubscriptionPhase::member) << "slot " << slot << " at " << at;
  ASSERT_LT(row, state.geometry().rooms);
  EXPECT_EQ(state.room_slot(place.index).phase.load(), RoomPhase::made) << "row " << row;
  EXPECT_EQ(state.room_slot(place.index).id.load(), static_cast<std::uint32_t>(place.id));
  EXPECT_LE(one.acks.acked, state.room_log(place.index).tail());
  EXPECT_TRUE(members[row].insert(slot).second) << "slot " << slot << " is twice in row " << row;
}

void expect_free(const state::Subscription& one) {
  EXPECT_EQ(one.room.load(), 0U);
  EXPECT_EQ(one.phase.load(), SubscriptionPhase::free);
}

void expect_bitmap(const state::StateView& state, std::uint32_t row,
                   const std::set<std::uint32_t>& members) {
  const auto bitmap = state.room_members(state::RoomIndex{row});
  std::vector<std::uint64_t> words(bitmap.sessions.size());
  for (const std::uint32_t slot : members) words[slot / 64] |= std::uint64_t{1} << (slot % 64);
  for (std::size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(bitmap.sessions[i].load(), words[i]) << "row " << row << " word " << i;
    const bool is_in_summary = (bitmap.summary[i / 64].load() >> (i % 64) & 1U) != 0;
    EXPECT_EQ(is_in_summary, words[i] != 0) << "row " << row << " word " << i;
  }
}

// No change of a row that lasts is unfinished, and the archive finds each one.
void expect_versions(const state::StateView& state) {
  const std::uint64_t last = state.registry_head().version;
  const auto expect_finished = [last](std::uint64_t version) {
    EXPECT_TRUE(!state::is_being_written(version) && version <= last) << version << " of " << last;
  };
  expect_finished(state.properties(std::nullopt).version);
  for (std::uint32_t row = 0; row < state.geometry().rooms; ++row) {
    const state::RoomIndex room{row};
    expect_finished(state.room_slot(room).version);
    if (state.room_slot(room).phase.load() != RoomPhase::free) {
      expect_finished(state.properties(room).version);
    }
  }
  for (std::uint32_t row = 0; row < state.rule_head().used; ++row) {
    expect_finished(state.rule_slots()[row].version);
  }
}

}  // namespace

RoomMembers expect_consistent_rooms(const state::StateView& state) {
  RoomMembers members;
  expect_versions(state);
  for (state::Slot slot{}; slot < state.geometry().sessions; ++slot) {
    const std::uint32_t in_use = state.native_slots()[slot].subscriptions.load();
    for (std::size_t at = 0; at < state.subscriptions(slot).size(); ++at) {
      if ((in_use >> at & 1U) == 0) {
        expect_free(state.subscriptions(slot)[at]);
      } else {
        expect_subscription(state, slot, at, members);
      }
    }
  }
  for (std::uint32_t row = 0; row < state.geometry().rooms; ++row) {
    const auto phase = state.room_slot(state::RoomIndex{row}).phase.load();
    EXPECT_TRUE(phase == RoomPhase::free || phase == RoomPhase::made) << "row " << row;
    const auto found = members.find(row);
    expect_bitmap(state, row, found == members.end() ? std::set<std::uint32_t>{} : found->second);
    if (phase == RoomPhase::made) (void)records_of(state.room_log(state::RoomIndex{row}));
  }
  return members;
}

std::optional<state::RoomIndex> row_of(const state::StateView& state, state::RoomId id) {
  for (std::uint32_t row = 0; row < state.geometry().rooms; ++row) {
    const auto& slot = state.room_slot(state::RoomIndex{row});
    const bool is_made = slot.phase.load() == RoomPhase::made;
    if (is_made && slot.id.load() == static_cast<std::uint32_t>(id)) return state::RoomIndex{row};
  }
  return std::nullopt;
}

}  // namespace chatd::test
