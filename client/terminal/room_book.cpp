// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_book.hpp"

#include <algorithm>
#include <utility>

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
  if (selection_.state == State::joining && wire::folded_name(selection_.room) == folded) {
    selection_ = {.room = std::string{name}};
  }
  known_.add(name);
  rooms_.insert(at, Room{.number = number, .name = std::string{name}, .folded = std::move(folded)});
}

void RoomBook::remove(std::string_view name) {
  const auto found = find(name);
  if (found == rooms_.end() || found == rooms_.begin()) return;
  for (Selection* const one : {&selection_, &before_joins_}) {
    if (one->room == found->name) one->state = State::closed;
  }
  rooms_.erase(found);
}

void RoomBook::rename(std::string_view before, std::string_view name) {
  const auto found = find(before);
  if (found == rooms_.end() || found == rooms_.begin()) return;
  Room& room = rooms_[static_cast<std::size_t>(found - rooms_.begin())];
  for (Selection* const one : {&selection_, &before_joins_}) {
    if (one->room == room.name && one->state == State::open) one->room = name;
  }
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

void RoomBook::set_default_name(std::string_view name) {
  folded_default_ = wire::folded_name(name);
}

std::vector<RoomBook::Room>::const_iterator RoomBook::find_typed(std::string_view name) const {
  const auto found = find(name);
  const bool is_default = !folded_default_.empty() && wire::folded_name(name) == folded_default_;
  return found == rooms_.end() && is_default ? rooms_.begin() : found;
}

std::string RoomBook::name_of(std::string_view name) const {
  const auto found = find_typed(name);
  return found == rooms_.end() ? std::string{name} : found->name;
}

bool RoomBook::select(std::string_view name) {
  const auto found = find_typed(name);
  if (found == rooms_.end()) return false;
  selection_ = {.room = found->name};
  return true;
}

bool RoomBook::select(std::size_t number) {
  const auto found = std::ranges::find(rooms_, number, &Room::number);
  if (found == rooms_.end()) return false;
  selection_ = {.room = found->name};
  return true;
}

void RoomBook::select_joining(std::string_view name) {
  const bool is_first = selection_.state == State::open || selection_.state == State::closed;
  if (is_first) before_joins_ = std::move(selection_);
  selection_ = {.room = std::string{name}, .state = State::joining};
}

void RoomBook::refuse(std::string_view name) {
  const bool is_selected = selection_.state == State::joining && selection_.room == name;
  if (is_selected) selection_.state = State::refused;
}

void RoomBook::return_from_refused() {
  if (selection_.state == State::refused) selection_ = before_joins_;
}

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
