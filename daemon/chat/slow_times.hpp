// SPDX-License-Identifier: GPL-3.0-or-later
// slow_times.hpp — the time of each person's last message in each room that is in slow mode.
//
// Runs in:   gateway. Private memory: after the death of a gateway each person may write at once.
// Pure:      the time is an argument.
// Invariant: a table of fixed size, with two entries for each session that there can be, in sets of
//            eight. In a full set the oldest entry is replaced. Nothing is allocated after
//            construction.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::chat {

class SlowTimes {
 public:
  explicit SlowTimes(std::uint32_t sessions)
      : sets_(std::bit_ceil(std::max<std::size_t>(16, sessions / (kPlaces / 2)))) {}

  // False: the person wrote in the room less than `between` ago.
  [[nodiscard]] bool may_write(state::RoomId room, state::PersonId person, Micros between,
                               MonoTime now) const noexcept {
    const Set& set = sets_[set_of(room, person)];
    const auto own =
        std::ranges::find_if(set, [&](const Entry& of) { return of.is(room, person); });
    return own == set.end() || now - own->at >= between;
  }
  // The person writes now.
  void note(state::RoomId room, state::PersonId person, MonoTime now) noexcept {
    Set& set = sets_[set_of(room, person)];
    auto place = std::ranges::find_if(set, [&](const Entry& of) { return of.is(room, person); });
    if (place == set.end()) place = std::ranges::min_element(set, {}, &Entry::at);
    *place = {.room = room, .person = person, .at = now};
  }

 private:
  static constexpr std::size_t kPlaces = 8;  // entries of a set
  struct Entry {
    state::RoomId room{};
    state::PersonId person{};  // 0: free
    MonoTime at{};
    [[nodiscard]] bool is(state::RoomId in, state::PersonId who) const noexcept {
      return room == in && person == who;
    }
  };
  using Set = std::array<Entry, kPlaces>;

  // The number of a person is random, see person.hpp.
  [[nodiscard]] std::size_t set_of(state::RoomId room, state::PersonId person) const noexcept {
    constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;  // 2^64 / golden ratio
    const std::uint64_t mixed =
        (static_cast<std::uint64_t>(person) + static_cast<std::uint64_t>(room)) * kOdd;
    return static_cast<std::size_t>(mixed >> 32U) & (sets_.size() - 1);
  }

  std::vector<Set> sets_;
};

}  // namespace chatd::chat
