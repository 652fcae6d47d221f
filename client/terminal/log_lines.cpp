// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/log_lines.hpp"

#include <variant>

#include <fmt/format.h>

#include "client/words/local_time.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

void LogLines::begin_replay(const std::string& room) {
  if (joined_.contains(room)) {
    repeated_.insert(room);
  } else if (joined_.size() < kMaxRooms) {
    joined_.insert(room);
  }
}

void LogLines::note(const Report& report) {
  if (const auto* joined = std::get_if<Joined>(&report)) {
    if (!joined->again) begin_replay({});
  } else if (const auto* room = std::get_if<RoomJoined>(&report)) {
    if (!room->again) begin_replay(room->room.name);
  }
}

void LogLines::add(const Entry& entry) {
  if (entry.replay && (!joined_.contains(entry.room) || repeated_.contains(entry.room))) return;
  lines_ += date_and_time(entry.time);
  lines_ += ' ';
  if (entry.replay) lines_ += fmt::format("[{}] ", words(language_, Words::earlier));
  lines_ += entry.text;
  lines_ += '\n';
}

}  // namespace chatd::client
