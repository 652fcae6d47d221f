// SPDX-License-Identifier: GPL-3.0-or-later
// room_directory.hpp — the further rooms by their names, and by the offsets of their logs.
//
// Runs in:   gateway. Pure.
// Invariant: a folded name is that of one room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/state/room_slot.hpp"

namespace chatd::chat {

class RoomDirectory {
 public:
  void add(const state::RoomPlace& room, std::string folded_name) {
    by_offset_.insert_or_assign(part_of(state::first_offset(room.id)), room.index);
    by_name_.insert_or_assign(std::move(folded_name), room.index);
  }
  void remove(const state::RoomPlace& room, std::string_view folded_name) {
    const auto named = by_name_.find(folded_name);
    if (named != by_name_.end()) by_name_.erase(named);
    // After 2^24 rooms another room has the same offsets.
    const auto at = by_offset_.find(part_of(state::first_offset(room.id)));
    if (at != by_offset_.end() && at->second == room.index) by_offset_.erase(at);
  }
  void rename(std::string_view before, std::string folded_name, state::RoomIndex room) {
    const auto named = by_name_.find(before);
    if (named != by_name_.end()) by_name_.erase(named);
    by_name_.insert_or_assign(std::move(folded_name), room);
  }

  [[nodiscard]] std::optional<state::RoomIndex> find_name(std::string_view folded_name) const {
    const auto named = by_name_.find(folded_name);
    if (named == by_name_.end()) return std::nullopt;
    return named->second;
  }
  // The room whose log has the offset, or will have it.
  [[nodiscard]] std::optional<state::RoomIndex> find_offset(state::Offset offset) const {
    const auto at = by_offset_.find(part_of(offset));
    if (at == by_offset_.end()) return std::nullopt;
    return at->second;
  }
  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

 private:
  // Equal for the offsets of one room.
  static constexpr std::uint64_t part_of(state::Offset offset) noexcept {
    return offset >> state::kRoomOffsetBits;
  }

  std::map<std::string, state::RoomIndex, std::less<>> by_name_;
  std::map<std::uint64_t, state::RoomIndex> by_offset_;  // by part_of()
};

}  // namespace chatd::chat
