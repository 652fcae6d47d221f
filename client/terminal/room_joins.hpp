// SPDX-License-Identifier: GPL-3.0-or-later
// room_joins.hpp — the joins that the server has not answered yet, with the messages that the user
// has typed for their rooms.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: a message is held until the user is in its room, or the join is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/session/message.hpp"

namespace chatd::client {

class RoomJoins {
 public:
  struct Join {
    std::uint64_t number;      // of the order
    std::string room;          // as it was typed
    std::string before;        // the room that was selected
    bool is_in{false};         // messages are not held any more
    std::vector<Post> held{};  // messages to the room
  };

  void begin(Join join) { joins_.push_back(std::move(join)); }
  // A join of this room, as it was typed, is not answered.
  [[nodiscard]] bool has(std::string_view room) const;
  // False: the user is not joining this room; the order is as it was.
  bool hold(std::string_view room, Post& order);
  // The user is in this room, and in all of which the name counts as the same. Returns what was
  // held.
  [[nodiscard]] std::vector<Post> enter(std::string_view room);
  // The join with this number is answered.
  [[nodiscard]] std::optional<Join> end(std::uint64_t number);
  [[nodiscard]] bool is_holding() const;

  // A line is begun: the selected room does not change until it is entered.
  void set_drafting(bool drafting) { is_drafting_ = drafting; }
  // The join was refused: the room before it is to be selected again.
  void want_back(std::string room) { back_ = std::move(room); }
  // Returns that room once, when no line is begun.
  [[nodiscard]] std::optional<std::string> take_back();

 private:
  std::vector<Join> joins_;
  bool is_drafting_{false};
  std::optional<std::string> back_;
};

}  // namespace chatd::client
