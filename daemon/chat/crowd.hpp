// SPDX-License-Identifier: GPL-3.0-or-later
// crowd.hpp — which joins and leaves of a room have a record each, and which are only counted.
//
// Runs in:   gateway. Pure.
// Borrows:   the head of the room's log.
// Invariant: a join has a record while the room is small and its joins, and those of its person and
//            network (join_rates.hpp), are not too fast; otherwise it is counted, and a `crowd`
//            record tells the number later. A leave is told as its join was, but a kick always has
//            a record. So the members of a small room have read the name of each member that leaves
//            it with a record, and nobody joins or leaves without at least a number, but for brief
//            sessions (brief.hpp).
//
// A join record costs a delivery for each member of the room. Without limits N members that join
// together cost N * N deliveries. With these limits they cost kMaxTold * (kToldAtOnce and
// kToldPerSecond times the seconds), and one delivery for each member in kPause.
#pragma once

#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"
#include "daemon/state/room_head.hpp"

namespace chatd::chat {

class Crowd {
 public:
  // The largest room whose joins have a record each, with the member that joins. In a larger one
  // hardly any reader knows the names, and a join costs more than 500 deliveries.
  static constexpr std::uint32_t kMaxTold = 500;
  // A screen has 24 lines or more: the names of a group that arrives together fit on it.
  static constexpr std::uint32_t kToldAtOnce = 20;
  // More lines in a second than a user can read while others write; in a room of kMaxTold these are
  // 2,500 deliveries a second.
  static constexpr double kToldPerSecond = 5;
  // The shortest time between two `crowd` records of a room.
  static constexpr Micros kPause = std::chrono::seconds{5};

  explicit Crowd(state::RoomHead& room) noexcept : room_{room} {}

  // Finishes what a killed predecessor has begun. Called before anything is appended to the log.
  void adopt() noexcept { state::adopt_crowd(room_); }

  // How a join is told, with which the room has `members` members.
  [[nodiscard]] state::Telling join(std::uint32_t members, MonoTime now) noexcept;
  // How a join is told that is counted, whatever the room.
  [[nodiscard]] state::Telling counted_join() const noexcept { return leave(true); }
  // How the join of another program is told, or the leave of one of several: not at all.
  // `is_counted`: the join of their member was counted.
  [[nodiscard]] static constexpr state::Telling quiet(bool is_counted) noexcept {
    return {.is_quiet = true, .is_counted = is_counted};
  }
  // How the leave of a member is told whose join was counted, or not.
  [[nodiscard]] state::Telling leave(bool is_counted) const noexcept;

  // For joins and leaves whose Telling says so.
  void count_join() noexcept { state::count_join(room_.crowd); }
  void count_leave() noexcept { state::count_leave(room_.crowd); }
  // False: a killed predecessor has not counted the join or leave that began at `counted_before`.
  [[nodiscard]] bool has_counted(std::uint32_t counted_before) const noexcept {
    return state::counted(room_.crowd) != counted_before;
  }

  [[nodiscard]] bool has_untold() const noexcept { return state::untold(room_) != wire::Crowd{}; }
  // True: a `crowd` record is to be appended now, between begin_telling() and end_telling().
  [[nodiscard]] bool is_due(MonoTime now) const noexcept;
  [[nodiscard]] wire::Crowd begin_telling(MonoTime now) noexcept;
  void end_telling() noexcept { state::end_telling(room_.crowd); }

 private:
  state::RoomHead& room_;
};

}  // namespace chatd::chat
