// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_joins.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "common/wire/name.hpp"

namespace chatd::client {

bool RoomJoins::has(std::string_view room) const {
  return std::ranges::find(joins_, room, &Join::room) != joins_.end();
}

bool RoomJoins::hold(std::string_view room, Post& order) {
  const auto latest_first = joins_ | std::views::reverse;
  const auto found = std::ranges::find_if(
      latest_first, [&](const Join& join) { return join.room == room && !join.is_in; });
  if (found == latest_first.end()) return false;
  found->held.push_back(std::move(order));
  return true;
}

std::vector<Post> RoomJoins::enter(std::string_view room) {
  std::vector<Post> held;
  const std::string folded = wire::folded_name(room);
  for (Join& join : joins_) {
    if (wire::folded_name(join.room) != folded) continue;
    join.is_in = true;
    std::ranges::move(std::exchange(join.held, {}), std::back_inserter(held));
  }
  return held;
}

std::optional<RoomJoins::Join> RoomJoins::end(std::uint64_t number) {
  const auto found = std::ranges::find(joins_, number, &Join::number);
  if (found == joins_.end()) return std::nullopt;
  std::optional<Join> join{std::move(*found)};
  joins_.erase(found);
  return join;
}

std::vector<Post> RoomJoins::end_all() {
  std::vector<Post> held;
  for (Join& join : joins_) std::ranges::move(join.held, std::back_inserter(held));
  joins_.clear();
  return held;
}

bool RoomJoins::is_holding() const {
  return std::ranges::any_of(joins_, [](const Join& join) { return !join.held.empty(); });
}

}  // namespace chatd::client
