// SPDX-License-Identifier: GPL-3.0-or-later
// room_book.hpp — the rooms that the user is in, with the numbers under which the user selects
// them, and the room that typed lines are sent to.
//
// Runs in:   uchat's terminal process.
// Invariant: the default room has the number 1 and the name "", and stays. Another room keeps its
//            number until the user leaves it; a new one gets the lowest free number. Another room
//            is selected only by select() and select_soon(): a line for a room that has gone must
//            not reach the members of another one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/terminal/roster.hpp"

namespace chatd::client {

class RoomBook {
 public:
  struct Room {
    std::size_t number{1};
    std::string name{};  // as the server wrote it, without '#'
    std::string folded{};
  };

  // Names that count as the same are the same room (common/wire/name.hpp).
  void add(std::string_view name);
  void remove(std::string_view name);
  // The room keeps its number, and stays selected.
  void rename(std::string_view before, std::string_view name);
  // The names of the rooms that the server has, for completion; in any form that a Roster takes.
  void note_others(const std::vector<std::string>& names);

  // The same, of one room more.
  void note_other(std::string_view name) { known_.add(name); }

  // Selects the room that typed lines are sent to. False: the user is not in this room.
  bool select(std::string_view name);
  bool select(std::size_t number);
  // Selects a room that the user is joining.
  void select_soon(std::string_view name);

  [[nodiscard]] const std::string& selected() const noexcept { return selected_; }
  // False: the user is not in the selected room yet, or not any more. A room that is added under
  // the name of one that was removed is another room.
  [[nodiscard]] bool is_open() const;
  // nullopt: the user is not in this room.
  [[nodiscard]] std::optional<std::size_t> number_of(std::string_view name) const;
  [[nodiscard]] const std::vector<Room>& rooms() const noexcept { return rooms_; }  // by number
  // The known names that begin with `prefix`, also in another case: with '#', as a Roster has them.
  [[nodiscard]] std::vector<std::string> beginning_with(std::string_view prefix) const;

 private:
  [[nodiscard]] std::vector<Room>::const_iterator find(std::string_view name) const;

  std::vector<Room> rooms_{Room{}};
  Roster known_;
  std::string selected_;
  bool is_removed_{false};  // the selected room
};

}  // namespace chatd::client
