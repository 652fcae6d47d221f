// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/unread_rooms.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "client/words/shown_words.hpp"

namespace chatd::client {

std::vector<UnreadRooms::Room>::iterator UnreadRooms::find(std::string_view name) {
  return std::ranges::find(rooms_, name, &Room::name);
}

void UnreadRooms::add(std::string_view room, bool mentions) {
  auto found = find(room);
  if (found == rooms_.end()) {
    if (rooms_.size() >= kMaxRooms) return;
    found = rooms_.insert(rooms_.end(), {.name = std::string{room}});
  }
  found->count = std::min(found->count + 1, kMaxCount + 1);
  found->mentions |= mentions;
}

void UnreadRooms::remove(std::string_view room) {
  if (const auto found = find(room); found != rooms_.end()) rooms_.erase(found);
}

void UnreadRooms::rename(std::string_view before, std::string_view name) {
  if (const auto found = find(before); found != rooms_.end()) found->name = name;
}

std::vector<std::string> UnreadRooms::texts(wire::Language language, const Label& label) const {
  if (rooms_.empty()) return {};
  std::vector<std::string> texts;
  const auto mark_of = [](bool mentions) { return mentions ? "!" : ""; };
  if (rooms_.size() <= kMaxNamed) {
    std::string named;
    for (const Room& room : rooms_) {
      // The default room can have a name with blanks and digits, as "Physics 101".
      std::string name = label(room.name);
      if (name.contains(' ')) name += ':';
      named += fmt::format("{}{} {}{}{}", named.empty() ? "" : ", ", name,
                           std::min(room.count, kMaxCount), room.count > kMaxCount ? "+" : "",
                           mark_of(room.mentions));
    }
    texts.push_back(fmt::format("[{}]", named));
  }
  const char* const mark = mark_of(std::ranges::any_of(rooms_, &Room::mentions));
  const wire::Sentence& rooms = rooms_.size() == 1 ? kOneRoom : kSomeRooms;
  const std::string number = fmt::format(fmt::runtime(rooms.in(language)), rooms_.size());
  texts.push_back(fmt::format("[{}{}]", number, mark));
  texts.push_back(fmt::format("[{}{}]", rooms_.size(), mark));
  return texts;
}

}  // namespace chatd::client
