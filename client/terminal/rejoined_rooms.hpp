// SPDX-License-Identifier: GPL-3.0-or-later
// rejoined_rooms.hpp — the rooms that the user was in before this session. Their replay has only
// lines that the user has missed.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: at most kMaxRooms rooms.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "client/session/message.hpp"

namespace chatd::client {

class RejoinedRooms {
 public:
  static constexpr std::size_t kMaxRooms = 64;

  // Takes each report.
  void note(const Report& report);
  // The user has missed this line: it is new, although the session is newer.
  [[nodiscard]] bool has_missed(const Line& line) const;

 private:
  void set(const std::string& room, bool rejoined);

  std::set<std::string> rooms_;  // names; "" is the default room
};

}  // namespace chatd::client
