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
    std::uint64_t number;      // number of the order
    std::string room;          // name of the room as the user typed it
    bool is_in{false};         // the user is in the room: no message is held any more
    std::vector<Post> held{};  // messages to the room
  };

  void begin(Join join) { joins_.push_back(std::move(join)); }
  // True if a join with this typed name is not answered yet.
  [[nodiscard]] bool has(std::string_view room) const;
  // Takes a message to a room, if the user is joining this room: it belongs to the latest join with
  // this typed name. False: the user is not joining the room; `order` is unchanged.
  bool hold(std::string_view room, Post& order);
  // The user has joined this room. Returns the messages that were held for it, also those under
  // another typed form of its name.
  [[nodiscard]] std::vector<Post> enter(std::string_view room);
  // The server has answered the join with this number: the join is removed and returned.
  [[nodiscard]] std::optional<Join> end(std::uint64_t number);
  // All joins are removed. Returns the messages that were held.
  [[nodiscard]] std::vector<Post> end_all();
  [[nodiscard]] bool is_holding() const;

 private:
  std::vector<Join> joins_;  // in the order in which they were typed
};

}  // namespace chatd::client
