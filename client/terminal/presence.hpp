// SPDX-License-Identifier: GPL-3.0-or-later
// presence.hpp — gathers the joins and leaves of a room that come within a few seconds, so that
// they are shown as one line.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. Each join and leave is in one result, also if it is only counted there. Memory
//            is limited: kMaxRooms rooms, and kMaxNames names of each. A name that is longer than a
//            member's can be is counted only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "client/member/event.hpp"
#include "client/words/presence_words.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

// Joins and leaves of one room.
struct Gathered {
  RoomRef room{};
  WallTime time{};     // of the first one
  bool replay{false};  // of all of them
  JoinsAndLeaves changes{};
};

class Presence {
 public:
  static constexpr Micros kGatheringTime{3'000'000};  // from the first one on
  static constexpr std::size_t kMaxRooms = 64;
  static constexpr std::size_t kMaxNames = 100;

  // True for a join, a leave and a crowd. A kick is not one: it is shown by itself.
  [[nodiscard]] static bool is_presence(const Line& line) noexcept;

  // Adds such a line, which came at `now`. Returns the changes that must be shown before.
  [[nodiscard]] std::vector<Gathered> add(const Line& line, MonoTime now);
  // Changes that must be shown before this other line: those of its room, and those of another day
  // or of before the end of the replay.
  [[nodiscard]] std::vector<Gathered> take_before(const Line& line);
  [[nodiscard]] std::vector<Gathered> take_of(const RoomRef& ref);
  [[nodiscard]] std::vector<Gathered> take_due(MonoTime now);
  [[nodiscard]] std::vector<Gathered> take_all();

  [[nodiscard]] bool is_empty() const noexcept { return rooms_.empty(); }

 private:
  // The first and the last change of a member. A text member is another one than the member with a
  // key that had its name.
  struct Member {
    std::string name;
    std::string folded;
    bool joined_first;
    bool joined_last;
    std::uint64_t person;  // of its key, see Line; 0: not known
  };
  struct Room {
    Gathered gathered;  // only with the numbers of members without a name
    MonoTime due;
    std::vector<Member> members;  // in the order of their first change
  };
  template <class Predicate>
  std::vector<Gathered> take_if(Predicate is_taken);
  static void note(Room& room, const Line& line);
  static void take_renamed(Room& room);
  static Gathered finished(Room room);

  std::vector<Room> rooms_;  // in the order of their first line
};

}  // namespace chatd::client
