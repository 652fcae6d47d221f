// SPDX-License-Identifier: GPL-3.0-or-later
// The answers to questions: `uchat users` and `uchat history`, and those of `uchat listen` about
// rooms.
#include "client/member/list_text.hpp"
#include "client/script/json_lines.hpp"
#include "client/script/script.hpp"
#include "client/words/history_words.hpp"
#include "client/words/local_time.hpp"
#include "client/words/outcome.hpp"
#include "common/wire/native/native_stream_frames.hpp"

namespace chatd::client {

void Script::on_programs(const ProgramList& programs) {
  if (auto question = members_.take(programs)) orders_.push_back(*std::move(question));
}

void Script::on_users(const Users& users) {
  const auto members = members_.take(users, settings_.name);
  if (!members) return;
  text_ += settings_.json ? json_line(members_.room(), *members, now_)
                          : as_text(*members, settings_.language);
  ask_to_leave();
}

void Script::on_room_list(const RoomList& rooms) {
  if (!settings_.all_rooms) return;
  (void)append_part(room_list_, rooms.list);
  if (rooms.more) return;
  const std::string list = std::exchange(room_list_, {});
  for (std::string_view rest = list; !rest.empty() && joins_.size() < wire::kMaxRoomStreams;) {
    const std::string_view row = take_row(rest);
    const std::string_view name = row.substr(0, row.find('\t'));
    if (!name.empty()) join_room(std::string{name});
  }
}

// Prints one event, also if the list comes in pieces.
void Script::print_about(const RoomAbout& about) {
  (void)append_part(about_, about.list);
  if (about.more) return;
  RoomAbout whole = about;
  whole.list = std::exchange(about_, {});
  if (prints_events()) text_ += json_line(whole, now_);
}

void Script::on_history(const HistoryPage& page) {
  if (settings_.mode != Mode::history || leaving_) return;
  if (auto next = pages_.take(page)) {
    orders_.emplace_back(*std::move(next));
    return;
  }
  if (!pages_.is_whole()) return;
  const HistoryPage& result = pages_.result();
  if (result.is_refused()) {
    refusal_ = why_refused(settings_.language, {.code = result.code, .text = result.text});
    return ask_to_leave();
  }
  Painter painter = painter_.plain();
  const bool is_of_all = result.request.way == wire::HistoryWay::search_all;
  painter.set_room(is_of_all ? std::nullopt : std::optional{result.request.room});
  for (const HistoryLine& stored : pages_.lines()) {
    const std::string& room = room_of(stored, result.request);
    if (settings_.json) {
      text_ += json_line(stored, room);
    } else if (stored.kind == wire::kStoredGap) {
      text_ += date_and_time(stored.time) + ' ' +
               std::string{kLinesNotStored.in(settings_.language)} + '\n';
    } else if (const auto line = as_line(stored, room)) {
      text_ += date_and_time(stored.time) + ' ' + painter.paint(*line);
    }
  }
  if (settings_.json) text_ += json_line(result, now_);
  ask_to_leave();
}

}  // namespace chatd::client
