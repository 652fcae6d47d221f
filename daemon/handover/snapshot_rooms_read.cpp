// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/name.hpp"
#include "common/wire/native/native_record.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/handover/kept_reader.hpp"
#include "daemon/handover/snapshot_room_fields.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_rules.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/mailbox.hpp"
#include "daemon/state/room_log.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::RoomIndex;
using state::RoomPlace;

namespace {

constexpr const char* kRooms = "rooms";
// Behind it there are more ids than a history can use.
constexpr std::uint32_t kMaxKeptRoomId = 0x7FFF'FFFF;

// A member of an object; an empty array if there is none.
const json& array_in(const json& object, const char* name) {
  static const json kNoElements = json::array();
  const auto found = object.find(name);
  return found == object.end() ? kNoElements : *found;
}

// The subscriptions of a member. A text member has none.
const json& subscriptions_in(const json& member) {
  return array_in(array_in(member, "session"), kRooms);
}

// Offsets never wrap: behind the end of a restored log there is space for more records.
bool is_possible_begin(std::uint64_t begin, std::uint64_t bytes) {
  constexpr std::uint64_t kSpace = std::uint64_t{1} << 32U;
  return begin % 8 == 0 && bytes <= kSpace &&
         begin <= std::numeric_limits<std::uint64_t>::max() - 2 * kSpace;
}

}  // namespace

void read_log(const json& from, const logs::LogMemory& log, state::RoomHead& room) {
  const auto bytes = bytes_in(from.at("bytes"));
  const std::uint64_t begin = from.at("from");
  if (!is_possible_begin(begin, bytes.size())) {
    throw std::out_of_range{"an offset of the snapshot is impossible"};
  }
  std::uint64_t skip = 0;
  for (std::uint64_t at = 0; at < bytes.size();) {
    const auto record = wire::read_record(bytes.subspan(at));
    if (!record) throw std::length_error{"the log of the snapshot is no log"};
    at += record->header.size;
    if (bytes.size() - skip > log.capacity()) skip = at;
  }
  log.store(logs::Offset{begin + skip}, bytes.subspan(skip));
  state::crash_point();
  log.head().oldest = begin + skip;
  state::crash_point();
  log.head().tail = begin + bytes.size();
  state::crash_point();
  room.next_sequence = from.at("next_sequence").get<std::uint64_t>();
  room.begin_offset = from.value("begin_offset", std::uint64_t{0});
  room.begin_sequence = from.value("begin_sequence", std::uint64_t{0});
}

RoomsReader::RoomsReader(const json& snapshot, const state::StateView& state, WallTime now)
    : snapshot_{snapshot}, state_{state}, now_{now}, table_{state} {}

std::vector<const json*> RoomsReader::in_order(const json& rooms) const {
  std::set<Id> with_members;
  for (const json& member : snapshot_.at("sessions")) {
    for (const json& from : subscriptions_in(member))
      with_members.insert(from.at("room").get<Id>());
  }
  const auto rank_of = [&](const json& room) {
    if (room.at("kept") != 0) return 0;
    return with_members.contains(room.at("id").get<Id>()) ? 1 : 2;
  };
  std::vector<const json*> ordered;
  for (const int rank : {0, 1, 2}) {
    for (const json& room : rooms) {
      if (rank_of(room) == rank) ordered.push_back(&room);
    }
  }
  return ordered;
}

void read_crowd(const json& from, state::RoomHead& room) {
  const auto crowd = from.find("crowd");
  if (crowd == from.end()) return;
  state::count_join(room.crowd, crowd->at("joined").get<std::uint32_t>());
  state::count_leave(room.crowd, crowd->at("left").get<std::uint32_t>());
}

void tell_leave(state::RoomLog log, state::RoomHead& room, const json& member, bool is_counted,
                WallTime now) {
  if (is_counted) return state::count_leave(room.crowd);
  const std::string name = member.at("name");
  log.append(
      {.kind = wire::RecordKind::leave,
       .sender = state::Sender{.slot = state::Slot{member.at("slot").get<std::uint32_t>()},
                               .generation =
                                   state::Generation{member.at("generation").get<std::uint64_t>()}},
       .name = name,
       .text = {},
       .time = now});
}

void RoomsReader::read_rooms() {
  state_.keeping().last_room = snapshot_.value("last_room", Id{0});
  state::crash_point();
  std::uint32_t row = 0;
  for (const json* room : in_order(array_in(snapshot_, kRooms))) {
    if (row < table_.capacity()) {
      read_room(*room, RoomIndex{row++});
    } else {
      left_out_.emplace(room->at("id").get<Id>(), room->at("name").get<std::string>());
    }
  }
  const auto appending = places_.find(snapshot_.value("appending", Id{0}));
  if (appending != places_.end()) table_.begin_append(appending->second.index);
}

void RoomsReader::read_room(const json& from, RoomIndex index) {
  state::RoomSlot& row = table_.slot(index);
  read_kept(from, row);
  const std::string name = from.at("name");
  if (name.empty() || name.size() > state::kMaxNameBytes) {
    throw std::length_error{"a name of the snapshot has a wrong size"};
  }
  table_.rename(index, name);
  if (row.born == 0) row.born = state_.header().epoch;
  state::crash_point();
  const RoomPlace place = table_.place(index);
  const bool is_new = places_.emplace(static_cast<Id>(place.id), place).second;
  if (!is_new || place.id == state::kDefaultRoom) {
    throw std::out_of_range{"a room id of the snapshot is used twice"};
  }
  const auto properties = from.find("properties");
  if (properties != from.end()) read_properties(*properties, state_.properties(index));
  read_crowd(from, row.head);
  read_log(from.at("log"), state_.room_log(index), row.head);
  // An older service has not kept it: earlier lines are for nobody whom no rule lets read them.
  std::atomic<std::uint64_t>& opened = state_.properties(index).open_since_number;
  if (opened == state::kNoNumber) opened = row.head.next_sequence.load();
  if (row.head.log.oldest.load() < first_offset(place.id)) {
    throw std::out_of_range{"an offset of the snapshot lies before its room's log"};
  }
  state::crash_point();
  table_.settle(index);
}

// The fields about sessions of another history are cleared: they have no meaning in this one.
void RoomsReader::read_kept_room(const json& from, RoomIndex index) {
  state::RoomSlot& row = table_.slot(index);
  read_kept(from, row);
  const std::string name = from.at("name");
  const Id id = row.id;
  if (name.empty() || name.size() > state::kMaxNameBytes || id == 0 || id > kMaxKeptRoomId ||
      places_.contains(id)) {
    throw std::out_of_range{"a name or an id of a room is impossible"};
  }
  if (!names_.insert(wire::folded_name(name)).second) {
    throw std::out_of_range{"two rooms have one name"};
  }
  table_.rename(index, name);
  row.maker_slot = 0;
  row.maker_generation = 0;
  row.maker_end = 0;
  row.empty_since = 0;
  row.is_kept = 1;
  if (row.born == 0) row.born = state_.header().epoch;
  const state::Offset first = first_offset(state::RoomId{id});
  row.head.log.oldest = first;
  row.head.log.tail = first;
  row.head.next_sequence = 0;
  clear(row.head.crowd);
  const auto properties = from.find("properties");
  if (properties != from.end()) read_properties(*properties, state_.properties(index));
  places_.emplace(id, table_.place(index));
  table_.settle(index);
}

std::size_t RoomsReader::read_kept_rooms() {
  std::size_t damaged = 0;
  std::uint32_t row = 0;
  std::uint64_t last = 0;
  for (const json& room : array_in(snapshot_, kRooms)) {
    try {
      const Id id = room.at("id");
      if (row == table_.capacity()) {
        left_out_.emplace(id, room.at("name").get<std::string>());
      } else {
        read_kept_room(room, RoomIndex{row++});
      }
      last = std::max<std::uint64_t>(last, std::min(id, kMaxKeptRoomId));
    } catch (const std::exception&) {
      ++damaged;
    }
    // The next room gets the row of one that could not be read.
    if (row > places_.size()) table_.slot(RoomIndex{--row}).id = 0;
  }
  const auto written = snapshot_.find("last_room");
  if (written != snapshot_.end() && written->is_number_unsigned()) {
    last = std::max(last, std::min<std::uint64_t>(written->get<std::uint64_t>(), kMaxKeptRoomId));
  }
  state_.keeping().last_room = last;
  return damaged;
}

void RoomsReader::read_subscriptions(const json& session, state::Slot slot) {
  const json& rooms = array_in(session, kRooms);
  const json& removed = array_in(session, "removed");
  std::size_t others = rooms.size() + removed.size();
  std::uint32_t& next = state_.native_slots()[slot].next_subscription;
  const std::uint32_t kept = next;  // enter() writes the field
  for (const json& from : removed) {
    const std::string name = from.at("name");
    report_left(from, slot, {.name = name, .reason = state::kShortReason, .others = --others});
  }
  for (const json& from : rooms) {
    const Id id = from.at("room");
    if (const auto place = places_.find(id); place != places_.end()) {
      read_subscription(from, slot, place->second);
    } else if (const auto room = left_out_.find(id); room != left_out_.end()) {
      report_left(from, slot,
                  {.name = room->second,
                   .reason = wire::phrase(wire::Language::en, wire::Reason::rooms_full),
                   .others = --others});
    }
  }
  next = kept;
}

void RoomsReader::read_subscription(const json& from, state::Slot slot, RoomPlace place) {
  // A stream below the first one wraps and is beyond the last one.
  const std::size_t at = from.at("stream").get<std::size_t>() - wire::kFirstRoomStream;
  if (at >= state::kSubscriptions || table_.is_in_use(slot, at) || table_.find(slot, place.id)) {
    throw std::out_of_range{"a stream of the snapshot is impossible"};
  }
  state::Subscription kept{};
  read_kept(from, kept);
  const std::uint64_t tail = state_.room_log(place.index).tail();
  if (kept.acks.acked < first_offset(place.id) || kept.acks.acked > tail || kept.change > tail) {
    throw std::out_of_range{"an offset of the snapshot lies outside of its room's log"};
  }
  table_.enter(slot, at,
               {.room = place,
                .start = kept.acks.acked,
                .change = kept.change,
                .window = kept.acks.window,
                .telling = {.is_late = from.value("untold", false),
                            .is_counted = kept.is_counted_join != 0}});
  table_.settle(slot, at);
}

// Nothing is appended if the mailbox has no space: the predecessor has appended the record already,
// or has kept no space. Without a record the member gets an error when it next sends to the room.
void RoomsReader::report_left(const json& from, state::Slot slot, const Ended& ended) {
  (void)state::Mailbox{state_, slot}.append_left(
      {.room = {.stream = from.at("stream"), .room = from.at("room")},
       .name = std::string_view{ended.name}.substr(0, state::kMaxNameBytes),
       .reason = ended.reason,
       .session = {},
       .time = now_},
      ended.others);
  state::crash_point();
}

void RoomsReader::leave_rooms(const json& member, const Programs& programs) {
  const std::string name = member.at("name");
  const auto [begin, end] = programs.equal_range(name);
  for (const json& from : subscriptions_in(member)) {
    const auto place = places_.find(from.at("room").get<Id>());
    if (place == places_.end()) continue;
    const bool is_in = std::any_of(begin, end, [&](const auto& program) {
      return table_.is_member(program.second, place->second.id);
    });
    const bool is_untold = from.value("untold", false);
    if (is_in || is_untold || !left_.emplace(place->first, name).second) continue;
    const RoomIndex room = place->second.index;
    tell_leave(state::RoomLog{state_, room}, table_.slot(room).head, member,
               from.value("counted", 0) != 0, now_);
  }
}

}  // namespace chatd::handover
