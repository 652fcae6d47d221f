// SPDX-License-Identifier: GPL-3.0-or-later
// unread_rooms.hpp — counts the messages of the rooms that the user does not write to, since the
// user has written to them.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. At most kMaxRooms rooms; in others nothing is counted.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/language.hpp"

namespace chatd::client {

class UnreadRooms {
 public:
  static constexpr std::size_t kMaxRooms = 64;
  static constexpr std::size_t kMaxCount = 999;  // a larger one is shown as "999+"
  static constexpr std::size_t kMaxNamed = 3;    // of more rooms only the number is shown
  using Label = std::function<std::string(std::string_view room)>;  // returns "#lab"

  // A message of a room. `mentions`: it has the name of the user.
  void add(std::string_view room, bool mentions);
  // The user writes to this room, or is not in it any more.
  void remove(std::string_view room);
  void rename(std::string_view before, std::string_view name);
  void clear() { rooms_.clear(); }

  // Texts for the prompt, a shorter one behind a longer one: "[#lab 3, #ops 1!]", "[2 rooms!]",
  // "[2!]". Empty if nothing is unread.
  [[nodiscard]] std::vector<std::string> texts(wire::Language language, const Label& label) const;

 private:
  struct Room {
    std::string name;
    std::size_t count{0};
    bool mentions{false};
  };
  [[nodiscard]] std::vector<Room>::iterator find(std::string_view name);

  std::vector<Room> rooms_;  // in the order of their first unread message
};

}  // namespace chatd::client
