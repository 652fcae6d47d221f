// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_book.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "common/wire/name.hpp"

namespace chatd::client {

std::vector<RoomBook::Room>::const_iterator RoomBook::find(std::string_view name) const {
  if (name.empty()) return rooms_.begin();
  const std::string folded = wire::folded_name(name);
  return std::ranges::find_if(rooms_, [&](const Room& room) {
    return room.name == name || (!folded.empty() && wire::folded_name(room.name) == folded);
  });
}

void RoomBook::add(std::string_view name) {
  if (find(name) != rooms_.end()) return;
  std::size_t number = 1;
  auto at = rooms_.begin();
  for (; at != rooms_.end() && at->number == number; ++at) ++number;
  rooms_.insert(at, Room{.number = number, .name = std::string{name}});
}

void RoomBook::remove(std::string_view name) {
  const auto found = find(name);
  if (found == rooms_.end() || found == rooms_.begin()) return;
  if (selected_ == found->name) selected_.clear();
  rooms_.erase(found);
}

void RoomBook::note_others(std::vector<std::string> names) {
  constexpr std::size_t kMaxNames = 10'000;
  names.resize(std::min(names.size(), kMaxNames));
  others_ = std::move(names);
}

bool RoomBook::select(std::string_view name) {
  const auto found = find(name);
  if (found == rooms_.end()) return false;
  selected_ = found->name;
  return true;
}

bool RoomBook::select(std::size_t number) {
  const auto found = std::ranges::find(rooms_, number, &Room::number);
  if (found == rooms_.end()) return false;
  selected_ = found->name;
  return true;
}

std::optional<std::size_t> RoomBook::number_of(std::string_view name) const {
  const auto found = find(name);
  if (found == rooms_.end()) return std::nullopt;
  return found->number;
}

std::vector<std::string> RoomBook::beginning_with(std::string_view prefix) const {
  const std::string folded = wire::folded_name(prefix);
  std::set<std::string> found;
  const auto consider = [&](const std::string& name) {
    if (name.empty() || !wire::folded_name(name).starts_with(folded)) return;
    found.insert('#' + name);
  };
  for (const Room& room : rooms_) consider(room.name);
  for (const std::string& name : others_) consider(name);
  return {found.begin(), found.end()};
}

}  // namespace chatd::client
