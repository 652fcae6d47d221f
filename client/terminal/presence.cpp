// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/presence.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "client/words/text.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using wire::RecordKind;

// The quarter of an hour. In each time zone a day begins at the start of one, so that the lines of
// one quarter are of one day.
std::int64_t quarter_of(WallTime time) {
  constexpr std::int64_t kQuarter = std::int64_t{15} * 60 * 1'000'000;
  const std::int64_t micros = time.time_since_epoch().count();
  return micros / kQuarter - (micros % kQuarter < 0 ? 1 : 0);
}

bool goes_with(const Gathered& gathered, const Line& line) {
  return gathered.replay == line.replay && quarter_of(gathered.time) == quarter_of(line.time);
}

}  // namespace

bool Presence::is_presence(const Line& line) noexcept {
  return line.record == RecordKind::join || line.record == RecordKind::leave ||
         line.record == RecordKind::crowd;
}

void Presence::note(Room& room, const Line& line) {
  JoinsAndLeaves& counted = room.gathered.changes;
  if (line.record == RecordKind::crowd) return counted.add_crowd(line);
  const bool joins = line.record == RecordKind::join;
  std::string folded = wire::folded_name(line.name);
  if (folded.empty()) folded = line.name;
  folded = shown_name(folded, line.text_member);
  const auto known = std::ranges::find(room.members, folded, &Member::folded);
  if (known != room.members.end()) {
    known->joined_last = joins;
  } else if (room.members.size() < kMaxNames && line.name.size() <= wire::kMaxNameBytes) {
    room.members.push_back({.name = shown_name(line.name, line.text_member),
                            .folded = std::move(folded),
                            .joined_first = joins,
                            .joined_last = joins,
                            .person = line.text_member ? 0 : line.person});
  } else {
    (joins ? counted.joined : counted.left).add_others(1);
  }
}

// A member that joined and one that left with the same key are one that has another name now.
void Presence::take_renamed(Room& room) {
  const auto changed = [](bool joined) {
    return [joined](const Member& one) {
      return one.person != 0 && one.joined_first == joined && one.joined_last == joined;
    };
  };
  auto& members = room.members;
  for (auto left = std::ranges::find_if(members, changed(false)); left != members.end();
       left = std::ranges::find_if(left, members.end(), changed(false))) {
    const auto joined = std::ranges::find_if(members, [&](const Member& one) {
      return changed(true)(one) && one.person == left->person;
    });
    if (joined == members.end()) {
      ++left;
      continue;
    }
    room.gathered.changes.renamed.push_back(
        {.before = std::move(left->name), .name = std::move(joined->name)});
    const auto later = std::max(left, joined);
    const auto earlier = std::min(left, joined);
    members.erase(later);
    left = members.erase(earlier);
  }
}

Gathered Presence::finished(Room room) {
  take_renamed(room);
  JoinsAndLeaves& changes = room.gathered.changes;
  for (Member& member : room.members) {
    SomeMembers& same = member.joined_last ? changes.joined : changes.left;
    SomeMembers& both = member.joined_last ? changes.came_back : changes.joined_and_left;
    SomeMembers& list = member.joined_first == member.joined_last ? same : both;
    list.names.push_back(std::move(member.name));
  }
  return std::move(room.gathered);
}

template <class Predicate>
std::vector<Gathered> Presence::take_if(Predicate is_taken) {
  std::vector<Gathered> taken;
  std::vector<Room> kept;
  for (Room& room : rooms_) {
    if (is_taken(room)) {
      taken.push_back(finished(std::move(room)));
    } else {
      kept.push_back(std::move(room));
    }
  }
  rooms_ = std::move(kept);
  return taken;
}

std::vector<Gathered> Presence::add(const Line& line, MonoTime now) {
  const auto is_full = [&] {
    return rooms_.size() >= kMaxRooms && std::ranges::none_of(rooms_, [&](const Room& room) {
             return room.gathered.room.name == line.room.name;
           });
  };
  std::vector<Gathered> before =
      is_full() ? take_all()
                : take_if([&](const Room& room) { return !goes_with(room.gathered, line); });
  auto found = std::ranges::find_if(
      rooms_, [&](const Room& room) { return room.gathered.room.name == line.room.name; });
  if (found == rooms_.end()) {
    rooms_.push_back({.gathered = {.room = line.room, .time = line.time, .replay = line.replay},
                      .due = now + kGatheringTime,
                      .members = {}});
    found = rooms_.end() - 1;
  }
  note(*found, line);
  return before;
}

std::vector<Gathered> Presence::take_before(const Line& line) {
  return take_if([&](const Room& room) {
    return room.gathered.room.name == line.room.name || !goes_with(room.gathered, line);
  });
}

std::vector<Gathered> Presence::take_of(const RoomRef& ref) {
  return take_if([&](const Room& room) { return room.gathered.room.name == ref.name; });
}

std::vector<Gathered> Presence::take_due(MonoTime now) {
  return take_if([&](const Room& room) { return now >= room.due; });
}

std::vector<Gathered> Presence::take_all() {
  return take_if([](const Room& /*room*/) { return true; });
}

}  // namespace chatd::client
