// SPDX-License-Identifier: GPL-3.0-or-later
// log_lines.hpp — the lines for the log of the conversation, and the decision which lines of a
// replay it gets.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. The replay of a room is in the log once in a run: when the user has left a room
//            and joins it again, its lines are in the log already.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "client/session/message.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class LogLines {
 public:
  static constexpr std::size_t kMaxRooms = 1'000;  // of others, no replay is in the log

  explicit LogLines(wire::Language language) : language_{language} {}

  // Takes each report before its line.
  void note(const Report& report);
  // A line as it is shown, without its time.
  struct Entry {
    WallTime time;
    std::string_view room;  // "": the default room
    bool replay;
    std::string_view text;
  };
  void add(const Entry& entry);
  // "2026-11-20 23:15:04 #lab bob: hi\n", for each line since the last call.
  [[nodiscard]] std::string take() { return std::exchange(lines_, {}); }

 private:
  void begin_replay(const std::string& room);

  wire::Language language_;
  std::set<std::string, std::less<>> joined_;    // rooms whose replay has begun
  std::set<std::string, std::less<>> repeated_;  // those whose replay has begun another time
  std::string lines_;
};

}  // namespace chatd::client
