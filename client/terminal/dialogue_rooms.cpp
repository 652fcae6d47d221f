// SPDX-License-Identifier: GPL-3.0-or-later
// The members of rooms, and the rooms that the user makes, joins, leaves and writes to.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "client/member/list_text.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

namespace {

// The names of a RoomList.
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::string_view row = take_row(list);
    names.emplace_back(row.substr(0, row.find('\t')));
  }
  return names;
}

}  // namespace

// True if the user has joined; false: a warning is shown.
bool Dialogue::is_connected_or_warn() {
  if (joined_before_) return true;
  text_ += painter_.warning(words(settings_.language, Words::not_connected_yet));
  return false;
}

void Dialogue::ask_users() {
  if (!is_connected_or_warn()) return;
  if (rooms_.selected().empty()) shows_users_ = true;
  orders_.emplace_back(AskUsers{.room = rooms_.selected()});
}

void Dialogue::on_users(const Users& users) {
  (void)append_part(users_, users.list);
  if (users.more) return;
  const std::string list = std::exchange(users_, {});
  if (!users.room.empty()) {
    text_ += painter_.users(list, columns_);
    return;
  }
  if (shows_users_) text_ += painter_.users(list, columns_);
  roster_.clear();
  for (std::string_view rest = list; !rest.empty();) {
    const std::string_view row = take_row(rest);
    roster_.add(row.substr(0, row.find('\t')));
  }
}

void Dialogue::make_room(const MakeRoom& make) {
  if (is_connected_or_warn()) post(make);
}

void Dialogue::join_room(const JoinRoom& join) {
  if (!is_connected_or_warn()) return;
  if (rooms_.number_of(join.name)) return write_to_room(join.name);
  post(join);
}

void Dialogue::leave_room(const LeaveRoom& leave) {
  if (!is_connected_or_warn()) return;
  const std::string& room = leave.name.empty() ? rooms_.selected() : leave.name;
  if (room.empty()) {
    text_ += painter_.warning(words(settings_.language, Words::default_room));
    return;
  }
  post(LeaveRoom{room});
}

void Dialogue::ask_rooms() {
  if (is_connected_or_warn()) orders_.emplace_back(AskRooms{});
}

void Dialogue::select_room(std::size_t number) {
  if (asked_ != Asked::nothing) return;
  if (rooms_.select(number)) return painter_.set_room(rooms_.selected());
  text_ += painter_.warning(words(settings_.language, Words::no_room_number));
}

void Dialogue::write_to_room(std::string_view room) {
  if (rooms_.select(room)) painter_.set_room(rooms_.selected());
}

void Dialogue::on_room_joined(const RoomJoined& joined) { rooms_.add(joined.room.name); }

void Dialogue::on_room_left(const RoomLeft& left) {
  rooms_.remove(left.room.name);
  painter_.set_room(rooms_.selected());
}

void Dialogue::on_room_list(const RoomList& rooms) {
  (void)append_part(room_list_, rooms.list);
  if (rooms.more) return;
  const std::string list = std::exchange(room_list_, {});
  text_ += painter_.rooms(list, rooms_);
  rooms_.note_others(names_in(list));
}

}  // namespace chatd::client
