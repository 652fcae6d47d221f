// SPDX-License-Identifier: GPL-3.0-or-later
// People: further rooms. The rooms r0, r1, ... have a history; a temporary room has none, and only
// one member.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tests/fault/chaos/people.hpp"

namespace chatd::test {

namespace {

constexpr std::string_view kByAnotherClient{"you have logged in with another client"};
// A member of this number of further rooms joins no more.
constexpr std::size_t kUsualRooms = 5;

bool is_in(const User& user, std::string_view room) {
  return user.memberships.find(room) != user.memberships.end();
}

}  // namespace

// The client of a permanent user makes its part of the rooms; any other client joins some rooms.
void People::enter_rooms(User& user) {
  if (rooms_.empty()) return;
  if (!user.is_permanent) {
    for (std::size_t i = 0; i < kUsualRooms / 2; ++i) join_or_leave(user);
    return;
  }
  std::size_t number = 0;
  for (const auto& [name, history] : rooms_) {
    if (users_[number++ % kPermanent].get() != &user) continue;
    (void)user.member->send(client::MakeRoom{.name = name}, now_);
  }
}

bool People::are_rooms_made() const {
  std::size_t made = 0;
  for (const auto& user : users_) {
    if (user->is_permanent) made += user->memberships.size();
  }
  return made == rooms_.size();
}

void People::on_room_joined(User& user, const client::RoomJoined& joined) {
  const auto [place, is_new] = user.memberships.try_emplace(joined.room.name);
  Membership& membership = place->second;
  if (!is_new) {
    // The client receives `again` as the answer to a second join, and after a new login.
    if (joined.again && membership.id == joined.room.id) return;
    return history_.complaint(user.reader,
                              fmt::format("is in #{} and joined again", joined.room.name));
  }
  ++figures_.joins;
  membership.id = joined.room.id;
  const auto history = rooms_.find(joined.room.name);
  if (history == rooms_.end()) return;
  membership.reader = history->second.begin_reader(user.name, History::Dialect::native);
}

void People::on_room_left(User& user, const client::RoomLeft& left) {
  const auto membership = user.memberships.find(left.room.name);
  if (membership == user.memberships.end()) return;
  // A client that took over the session of a killed client may receive RoomJoined and RoomLeft for
  // a room that only the killed client had joined: both were in the mailbox.
  const bool is_of_killed_client =
      left.text == kByAnotherClient &&
      (!membership->second.reader ||
       history_of(left.room.name).readers()[*membership->second.reader].heard.empty());
  if (!membership->second.is_leaving && !membership->second.may_be_removed &&
      !is_of_killed_client) {
    history_.complaint(user.reader, fmt::format("was removed from #{}: {} \"{}\"", left.room.name,
                                                left.code, left.text));
  }
  if (membership->second.reader) history_of(left.room.name).left(*membership->second.reader);
  user.memberships.erase(membership);
}

void People::end_memberships(User& user) {
  for (const auto& [room, membership] : user.memberships) {
    if (membership.reader) history_of(room).over(*membership.reader);
  }
  user.memberships.clear();
}

std::string People::expect_removal(std::size_t native, bool is_temporary) {
  User& user = *users_[native];
  if (user.is_permanent) return {};
  for (auto& [room, membership] : user.memberships) {
    if (membership.reader.has_value() == is_temporary) continue;
    membership.may_be_removed = true;
    return room;
  }
  return {};
}

// --- what members do -------------------------------------------------------------------

void People::join_or_leave(User& user) {
  const auto room =
      std::next(rooms_.begin(), static_cast<std::ptrdiff_t>(random_() % rooms_.size()));
  const auto membership = user.memberships.find(room->first);
  if (membership == user.memberships.end()) {
    if (user.memberships.size() >= kUsualRooms) return;
    (void)user.member->send(client::JoinRoom{.name = room->first}, now_);
  } else if (!membership->second.is_leaving) {
    membership->second.is_leaving = true;
    (void)user.member->send(client::LeaveRoom{.name = room->first}, now_);
  }
}

void People::act_in_rooms(User& user) {
  const double kind = draw();
  if (kind < 0.02 && !user.is_permanent) {
    (void)user.member->send(client::MakeRoom{.name = fmt::format("tmp{}", ++serial_)}, now_);
    return;
  }
  if (kind < 0.12 && !user.is_permanent) return join_or_leave(user);
  if (user.memberships.empty()) return;
  const auto at = std::next(user.memberships.begin(),
                            static_cast<std::ptrdiff_t>(random_() % user.memberships.size()));
  auto& [room, membership] = *at;
  if (membership.is_leaving) return;
  const std::string text = fmt::format("line {}{}", ++serial_, std::string(random_() % 100, '.'));
  if (!membership.reader) {
    (void)user.member->send(client::Say{.text = text, .room = room}, now_);
    membership.is_leaving = draw() < 0.5;
    if (membership.is_leaving) (void)user.member->send(client::LeaveRoom{.name = room}, now_);
  } else if (kind < 0.2) {
    send(user, client::Act{.text = text, .room = room}, {.text = text});
  } else {
    send(user, client::Say{.text = text, .room = room}, {.text = text});
  }
}

// --- the end of a round ----------------------------------------------------------------

// Sends a last line to each room and waits until all members of the room have received it. All
// clients have read their mailboxes to the end, so `memberships` has all rooms of each user.
std::string People::finish_rooms() {
  std::map<std::string, std::string> last;
  for (const auto& [room, history] : rooms_) {
    const auto speaker = std::ranges::find_if(
        users_, [&](const auto& user) { return user->is_permanent && is_in(*user, room); });
    if (speaker == users_.end()) return "no permanent user is in #" + room;
    const std::string text = fmt::format("the end {}", ++serial_);
    send(**speaker, client::Say{.text = text, .room = room}, {.text = text});
    last.emplace(room, text);
  }
  std::string missing;
  const auto has_all = [&](const User& user) {
    return user.member->unconfirmed() == 0 &&
           std::ranges::all_of(user.memberships, [&](const auto& entry) {
             const auto& [room, membership] = entry;
             if (!membership.reader) return true;
             const auto& lines = history_of(room).readers()[*membership.reader].heard;
             const bool has_it = !lines.empty() && lines.back().text == last.at(room);
             if (!has_it) missing = fmt::format("{} in #{}", user.name, room);
             return has_it;
           });
  };
  const bool heard = pump_until(
      [&] { return std::ranges::all_of(users_, [&](const auto& user) { return has_all(*user); }); },
      kTimeout);
  return heard ? "" : "a member does not receive the last line of its room: " + missing;
}

}  // namespace chatd::test
