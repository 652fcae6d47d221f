// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_book.hpp"

#include <algorithm>

#include "common/wire/name.hpp"

namespace chatd::client {

std::vector<RoomBook::Room>::const_iterator RoomBook::find(std::string_view name) const {
  if (name.empty()) return rooms_.begin();
  const auto same = std::ranges::find(rooms_, name, &Room::name);
  if (same != rooms_.end()) return same;
  const std::string folded = wire::folded_name(name);
  return folded.empty() ? rooms_.end() : std::ranges::find(rooms_, folded, &Room::folded);
}

void RoomBook::add(std::string_view name) {
  if (find(name) != rooms_.end()) return;
  std::size_t number = 1;
  auto at = rooms_.begin();
  for (; at != rooms_.end() && at->number == number; ++at) ++number;
  std::string folded = wire::folded_name(name);
  if (!is_removed_ && !folded.empty() && wire::folded_name(selected_) == folded) selected_ = name;
  known_.add(name);
  rooms_.insert(at, Room{.number = number, .name = std::string{name}, .folded = std::move(folded)});
}

void RoomBook::remove(std::string_view name) {
  const auto found = find(name);
  if (found == rooms_.end() || found == rooms_.begin()) return;
  if (selected_ == found->name) is_removed_ = true;
  rooms_.erase(found);
}

void RoomBook::rename(std::string_view before, std::string_view name) {
  const auto found = find(before);
  if (found == rooms_.end() || found == rooms_.begin()) return;
  Room& room = rooms_[static_cast<std::size_t>(found - rooms_.begin())];
  if (!is_removed_ && selected_ == room.name) selected_ = name;
  known_.remove(room.name);
  known_.add(name);
  room.name = name;
  room.folded = wire::folded_name(name);
}

void RoomBook::note_others(const std::vector<std::string>& names) {
  known_.clear();
  for (const Room& room : rooms_) known_.add(room.name);
  for (const std::string& name : names) known_.add(name);
}

bool RoomBook::select(std::string_view name) {
  const auto found = find(name);
  if (found == rooms_.end()) return false;
  select_soon(found->name);
  return true;
}

bool RoomBook::select(std::size_t number) {
  const auto found = std::ranges::find(rooms_, number, &Room::number);
  if (found == rooms_.end()) return false;
  select_soon(found->name);
  return true;
}

void RoomBook::select_soon(std::string_view name) {
  selected_ = name;
  is_removed_ = false;
}

bool RoomBook::is_open() const { return !is_removed_ && find(selected_) != rooms_.end(); }

std::optional<std::size_t> RoomBook::number_of(std::string_view name) const {
  const auto found = find(name);
  if (found == rooms_.end()) return std::nullopt;
  return found->number;
}

std::vector<std::string> RoomBook::beginning_with(std::string_view prefix) const {
  std::vector<std::string> found = known_.beginning_with(prefix);
  for (std::string& name : found) name.insert(0, "#");
  return found;
}

}  // namespace chatd::client
