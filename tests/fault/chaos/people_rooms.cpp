// SPDX-License-Identifier: GPL-3.0-or-later
// People: further rooms. The rooms r0, r1, ... have a history; a temporary room has none, and only
// one member.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "common/wire/removal_sentences.hpp"
#include "tests/fault/chaos/people.hpp"
#include "tests/fault/chaos/room_change.hpp"

namespace chatd::test {

namespace {

constexpr std::string_view kByAnotherClient = wire::kSessionTakenOver.en;
// A member of this number of further rooms joins no more.
constexpr std::size_t kUsualRooms = 5;

}  // namespace

// The client of a permanent user makes its part of the rooms; any other client joins some rooms.
void People::enter_rooms(User& user) {
  if (rooms_.empty()) return;
  if (!user.is_permanent) {
    for (std::size_t i = 0; i < kUsualRooms / 2; ++i) join_or_leave(user);
    return;
  }
  for (const auto& [name, history] : rooms_) {
    if (users_[maker_of(name)].get() != &user) continue;
    (void)user.member->send(client::MakeRoom{.name = name}, now_);
  }
}

std::size_t People::maker_of(std::string_view room) const {
  const auto number = std::distance(rooms_.begin(), rooms_.find(room));
  return static_cast<std::size_t>(number) % permanent();
}

std::size_t People::permanent() const {
  return std::clamp<std::size_t>(options_.natives / 6, 2, 10);
}

RoomRules People::rules(std::string_view room) const {
  const User& maker = *users_[maker_of(room)];
  const auto membership = maker.memberships.find(room);
  return membership == maker.memberships.end() ? RoomRules{maker.name} : membership->second.rules;
}

std::string People::name_of(std::string_view room) const {
  const User& maker = *users_[maker_of(room)];
  const auto membership = maker.memberships.find(room);
  return membership == maker.memberships.end() ? std::string{room} : membership->second.name;
}

void People::on_room_joined(User& user, const client::RoomJoined& joined) {
  const std::string room = lasting_name(joined.room.name);
  const auto [place, is_new] = user.memberships.try_emplace(room);
  Membership& membership = place->second;
  if (!is_new) {
    // The client receives `again` as the answer to a second join, and after a new login.
    if (joined.again && membership.id == joined.room.id) return;
    return history_.complaint(user.reader,
                              fmt::format("is in #{} and joined again", joined.room.name));
  }
  ++figures_.joins;
  membership.id = joined.room.id;
  membership.name = joined.room.name;
  if (user.is_permanent) membership.rules = RoomRules{user.name};
  const auto history = rooms_.find(room);
  if (history == rooms_.end()) return;
  if (user.is_brief) history->second.brief(user.name);
  membership.reader = history->second.begin_reader(user.name, History::Dialect::native);
}

void People::on_room_line(const std::string& room, Membership& membership, const Heard& heard,
                          bool is_replay) {
  History& history = history_of(room);
  membership.has_begun |= !is_replay;
  if (!membership.has_begun) return history.earlier(*membership.reader, heard);
  membership.rules.apply(heard);
  history.heard(*membership.reader, heard, is_replay);
}

void People::on_room_left(User& user, const client::RoomLeft& left) {
  const std::string room = lasting_name(left.room.name);
  const auto found = user.memberships.find(room);
  if (found == user.memberships.end()) return;
  const Membership& membership = found->second;
  // A client that took over the session of a killed client may receive RoomJoined and RoomLeft for
  // a room that only the killed client had joined: both were in the mailbox.
  const bool is_of_killed_client =
      left.text == kByAnotherClient &&
      (!membership.reader || history_of(room).readers()[*membership.reader].heard.empty());
  const bool is_expected =
      membership.is_leaving || membership.may_be_dropped || is_of_killed_client;
  if (!is_expected && membership.reader && left.code.empty()) {
    history_of(room).removed(*membership.reader);
  } else if (!is_expected) {
    history_.complaint(user.reader, fmt::format("was removed from #{}: {} \"{}\"", left.room.name,
                                                left.code, left.text));
  }
  if (membership.reader) history_of(room).left(*membership.reader);
  user.memberships.erase(found);
}

void People::end_client(User& user, bool is_by_server) {
  history_.over(user.reader, is_by_server);
  const EndedClients::Life life{.begun = user.begun_at, .ended = now_};
  history_.client_ended(user.name, life);
  for (auto& [room, history] : rooms_) history.client_ended(user.name, life);
  for (const auto& [room, membership] : user.memberships) {
    if (membership.reader) history_of(room).over(*membership.reader);
  }
  user.memberships.clear();
  user.member.reset();
}

std::string People::expect_drop(std::size_t program) {
  for (auto& [room, membership] : users_[program]->memberships) {
    if (membership.reader) continue;
    membership.may_be_dropped = true;
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
    (void)user.member->send(client::JoinRoom{.name = name_of(room->first)}, now_);
  } else if (!membership->second.is_leaving) {
    membership->second.is_leaving = true;
    (void)user.member->send(client::LeaveRoom{.name = membership->second.name}, now_);
  }
}

// Mostly a member with a role; members without one try it, too.
void People::change_a_room() {
  const auto room =
      std::next(rooms_.begin(), static_cast<std::ptrdiff_t>(random_() % rooms_.size()))->first;
  const std::string name = draw() < 0.2 ? users_[random_() % users_.size()]->name
                                        : any_of(rules(room).with_role(), random_);
  std::vector<std::pair<User*, Membership*>> programs;
  for (const auto& user : users_) {
    const auto membership = user->memberships.find(room);
    const bool is_in = membership != user->memberships.end() && !membership->second.is_leaving;
    if (user->name == name && is_in && can_talk(*user)) {
      programs.emplace_back(user.get(), &membership->second);
    }
  }
  if (programs.empty()) return;
  const auto& [user, membership] = programs[random_() % programs.size()];
  change_room(*user, *membership);
}

// One change at a time: two equal ones that the gateway reads together would have equal records.
void People::change_room(User& user, const Membership& membership) {
  const bool waits =
      std::ranges::any_of(user.said, [](const auto& entry) { return entry.second.is_change; });
  if (waits || changes_.refuse(user.person->changes, now_)) return;
  const std::size_t others = options_.natives - permanent();
  const std::string& any = users_[permanent() + random_() % others]->name;
  const RoomRules::Names& members = membership.rules.members();
  const auto member =
      std::next(members.begin(), static_cast<std::ptrdiff_t>(random_() % (members.size() + 1)));
  const bool is_for_member = member != members.end() && *member != user.name;
  const RoomChange change = choose_change(
      {.room = membership.name, .rules = membership.rules, .is_owner = user.is_permanent},
      is_for_member ? *member : any, ++serial_, random_);
  send(user, change.message, change.sent);
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
    send(user, client::Act{.text = text, .room = membership.name}, {.text = text});
  } else {
    send(user, client::Say{.text = text, .room = membership.name}, {.text = text});
  }
}

// --- the end of a round ----------------------------------------------------------------

// Sends a last line to each room and waits until all members of the room have received it. All
// clients have read their mailboxes to the end, so `memberships` has all rooms of each user.
std::string People::finish_rooms() {
  std::map<std::string, std::string> last;
  for (const auto& [room, history] : rooms_) {
    User& maker = *users_[maker_of(room)];
    if (!maker.memberships.contains(room)) return "the member that made it is not in #" + room;
    const std::string text = fmt::format("the end {}", ++serial_);
    send(maker, client::Say{.text = text, .room = name_of(room)}, {.text = text});
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
