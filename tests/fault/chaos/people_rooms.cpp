// SPDX-License-Identifier: GPL-3.0-or-later
// People: further rooms. Those with a history are r0, r1, ...; a temporary room has one member.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "tests/fault/chaos/people.hpp"

namespace chatd::test {

namespace {

constexpr std::string_view kByAnotherClient{"you have logged in with another client"};
constexpr std::size_t kUsualRooms = 5;  // of a member; beyond it, it rather leaves than joins

bool is_in(const Seat& seat, std::string_view room) {
  return seat.stays_in.find(room) != seat.stays_in.end();
}

}  // namespace

// A new client: one that stays makes its part of the rooms, another one joins some.
void People::enter_rooms(Seat& seat) {
  std::size_t number = 0;
  for (const auto& [name, history] : rooms_) {
    if (!seat.stays) break;
    if (seats_[number++ % kStaying].get() != &seat) continue;
    (void)seat.member->send(client::MakeRoom{.name = name}, now_);
  }
  if (seat.stays || rooms_.empty()) return;
  for (std::size_t i = 0; i < kUsualRooms / 2; ++i) join_or_leave(seat);
}

bool People::are_rooms_made() const {
  std::size_t made = 0;
  for (const auto& seat : seats_) {
    if (seat->stays) made += seat->stays_in.size();
  }
  return made == rooms_.size();
}

void People::on_room_joined(Seat& seat, const client::RoomJoined& joined) {
  const auto [place, is_new] = seat.stays_in.try_emplace(joined.room.name);
  Stay& stay = place->second;
  if (!is_new) {
    // The answer to a second join, or the join of the next session.
    if (joined.again && stay.id == joined.room.id) return;
    return history_.complaint(seat.reader,
                              fmt::format("is in #{} and joined again", joined.room.name));
  }
  ++figures_.joins;
  stay.id = joined.room.id;
  const auto history = rooms_.find(joined.room.name);
  if (history == rooms_.end()) return;
  stay.reader = history->second.begin_reader(seat.name, History::Dialect::native);
}

void People::on_room_left(Seat& seat, const client::RoomLeft& left) {
  const auto stay = seat.stays_in.find(left.room.name);
  if (stay == seat.stays_in.end()) return;
  // A client that took over the session of a killed one may find both the join of that one in its
  // mailbox, and that it has left.
  const bool is_of_killed_client =
      left.text == kByAnotherClient &&
      (!stay->second.reader ||
       history_of(left.room.name).readers()[*stay->second.reader].heard.empty());
  if (!stay->second.is_leaving && !stay->second.may_be_removed && !is_of_killed_client) {
    history_.complaint(seat.reader, fmt::format("was removed from #{}: {} \"{}\"", left.room.name,
                                                left.code, left.text));
  }
  if (stay->second.reader) history_of(left.room.name).left(*stay->second.reader);
  seat.stays_in.erase(stay);
}

// Its client is gone.
void People::end_stays(Seat& seat) {
  for (const auto& [room, stay] : seat.stays_in) {
    if (stay.reader) history_of(room).over(*stay.reader);
  }
  seat.stays_in.clear();
}

std::string People::expect_removal(std::size_t native, bool is_temporary) {
  Seat& seat = *seats_[native];
  if (seat.stays) return {};
  for (auto& [room, stay] : seat.stays_in) {
    if (stay.reader.has_value() == is_temporary) continue;
    stay.may_be_removed = true;
    return room;
  }
  return {};
}

// --- what members do -------------------------------------------------------------------

void People::join_or_leave(Seat& seat) {
  const auto room =
      std::next(rooms_.begin(), static_cast<std::ptrdiff_t>(random_() % rooms_.size()));
  const auto stay = seat.stays_in.find(room->first);
  if (stay == seat.stays_in.end()) {
    if (seat.stays_in.size() >= kUsualRooms) return;
    (void)seat.member->send(client::JoinRoom{.name = room->first}, now_);
  } else if (!stay->second.is_leaving) {
    stay->second.is_leaving = true;
    (void)seat.member->send(client::LeaveRoom{.name = room->first}, now_);
  }
}

void People::act_in_rooms(Seat& seat) {
  const double kind = draw();
  if (kind < 0.02 && !seat.stays) {
    (void)seat.member->send(client::MakeRoom{.name = fmt::format("tmp{}", ++serial_)}, now_);
    return;
  }
  if (kind < 0.12 && !seat.stays) return join_or_leave(seat);
  if (seat.stays_in.empty()) return;
  const auto at = std::next(seat.stays_in.begin(),
                            static_cast<std::ptrdiff_t>(random_() % seat.stays_in.size()));
  auto& [room, stay] = *at;
  if (stay.is_leaving) return;
  const std::string text = fmt::format("line {}{}", ++serial_, std::string(random_() % 100, '.'));
  if (!stay.reader) {
    (void)seat.member->send(client::Say{.text = text, .room = room}, now_);
    stay.is_leaving = draw() < 0.5;
    if (stay.is_leaving) (void)seat.member->send(client::LeaveRoom{.name = room}, now_);
  } else if (kind < 0.2) {
    send(seat, client::Act{.text = text, .room = room}, {.text = text});
  } else {
    send(seat, client::Say{.text = text, .room = room}, {.text = text});
  }
}

// --- the end of a round ----------------------------------------------------------------

// Every mailbox has been read to its end: each client knows its rooms. A last line in each room is
// received by all its members.
std::string People::finish_rooms() {
  std::map<std::string, std::string> last;
  for (const auto& [room, history] : rooms_) {
    const auto speaker = std::ranges::find_if(
        seats_, [&](const auto& seat) { return seat->stays && is_in(*seat, room); });
    if (speaker == seats_.end()) return "no member that stays is in #" + room;
    const std::string text = fmt::format("the end {}", ++serial_);
    send(**speaker, client::Say{.text = text, .room = room}, {.text = text});
    last.emplace(room, text);
  }
  std::string missing;
  const auto has_all = [&](const Seat& seat) {
    return seat.member->unconfirmed() == 0 &&
           std::ranges::all_of(seat.stays_in, [&](const auto& entry) {
             const auto& [room, stay] = entry;
             if (!stay.reader) return true;
             const auto& lines = history_of(room).readers()[*stay.reader].heard;
             const bool has_it = !lines.empty() && lines.back().text == last.at(room);
             if (!has_it) missing = fmt::format("{} in #{}", seat.name, room);
             return has_it;
           });
  };
  const bool heard = pump_until(
      [&] { return std::ranges::all_of(seats_, [&](const auto& seat) { return has_all(*seat); }); },
      kTimeout);
  return heard ? "" : "a member does not receive the last line of its room: " + missing;
}

}  // namespace chatd::test
