// SPDX-License-Identifier: GPL-3.0-or-later
// room_book.hpp — the rooms that the user is in, with the numbers under which the user selects
// them, and the room that typed lines are sent to.
//
// Runs in:   uchat's terminal process.
// Invariant: the default room has the number 1 and the name "", and stays. Another room keeps its
//            number until the user leaves it; a new room gets the lowest free number. A line that
//            was typed for a room that is gone never goes to a new room of the same name: the new
//            room must be selected.
#pragma once

#include <cstddef>
#include <cstdint>
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
  enum class State : std::uint8_t {
    open,     // the user is in the room
    joining,  // the server has not answered the join
    refused,  // the server has refused the join
    closed,   // the user was in the room and is not in it any more
  };

  // Names that count as the same are the same room (common/wire/name.hpp).
  void add(std::string_view name);
  void remove(std::string_view name);
  // The room keeps its number and remains selected.
  void rename(std::string_view before, std::string_view name);
  // The names of the rooms that the server has, for completion. Names that a Roster does not take
  // are ignored.
  void note_others(const std::vector<std::string>& names);

  // The default room is also found by this name, unless the user is in another one of that name.
  void set_default_name(std::string_view name);

  // Adds one name to these.
  void note_other(std::string_view name) { known_.add(name); }

  // Selects the room that typed lines are sent to. False: the user is not in this room.
  bool select(std::string_view name);
  bool select(std::size_t number);
  // Selects a room that the user begins to join.
  void select_joining(std::string_view name);
  // The server has refused the join of this room.
  void refuse(std::string_view name);
  // If the join of the selected room was refused: selects the room that was selected before the
  // user began to join rooms.
  void return_from_refused();

  [[nodiscard]] const std::string& selected() const noexcept { return selection_.room; }
  // The state of the selected room.
  [[nodiscard]] State state() const noexcept { return selection_.state; }
  // The name of a room as it is in the book; that of a room that the user is not in is unchanged.
  [[nodiscard]] std::string name_of(std::string_view name) const;
  // nullopt: the user is not in this room.
  [[nodiscard]] std::optional<std::size_t> number_of(std::string_view name) const;
  [[nodiscard]] const std::vector<Room>& rooms() const noexcept { return rooms_; }  // by number
  // The known names that begin with `prefix`, also in another case, in the order of a Roster. Each
  // one has a '#' in front.
  [[nodiscard]] std::vector<std::string> beginning_with(std::string_view prefix) const;

 private:
  struct Selection {
    std::string room{};
    State state{State::open};
  };
  [[nodiscard]] std::vector<Room>::const_iterator find(std::string_view name) const;
  // As find(), but also finds the default room by its name, which find() only finds by "".
  [[nodiscard]] std::vector<Room>::const_iterator find_typed(std::string_view name) const;

  std::vector<Room> rooms_{Room{}};
  std::string folded_default_;  // the folded name of the default room
  Roster known_;
  Selection selection_;
  Selection before_joins_;  // the selection before the user began to join the selected room
};

}  // namespace chatd::client
