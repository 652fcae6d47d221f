// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rooms.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/name.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::LeaveKind;
using state::RecordKind;
using state::RoomIndex;
using state::RoomPhase;
using state::RoomPlace;

namespace {

constexpr std::uint32_t row_of(RoomIndex room) { return static_cast<std::uint32_t>(room); }

RecordKind record_of(LeaveKind kind) {
  return kind == LeaveKind::kicked ? RecordKind::kick : RecordKind::leave;
}

template <class Map, class Key>
void count_by(Map& map, const Key& key, int by) {
  const auto at = map.try_emplace(key, 0).first;
  at->second += static_cast<std::uint32_t>(by);
  if (at->second == 0) map.erase(at);
}

// Where a stream begins that was sent up to `sent` before: not before `sent`, which can lie within
// a record, and not before `start`.
state::Offset start_behind(const logs::LogMemory& log, state::Offset start, state::Offset sent) {
  if (sent <= start) return start;
  logs::RecordBuffer buffer;
  return logs::next_boundary(log, buffer, start, sent);
}

// The rooms of the member. The owner of a name has made those of all its keys.
std::uint32_t made_by(const std::map<state::Identity, std::uint32_t>& rooms,
                      const Sessions& sessions, Slot member) {
  const auto own = rooms.find(sessions.identity(member));
  if (!owns_name(sessions, member)) return own == rooms.end() ? 0 : own->second;
  std::uint32_t made = 0;
  for (const auto& [key, count] : rooms) {
    if (sessions.persons().of_native(key) == sessions.person(member)) made += count;
  }
  return made;
}

bool is_at_limit(std::uint32_t count, std::uint32_t limit) { return limit != 0 && count >= limit; }

}  // namespace

Rooms::Rooms(const state::StateView& state, const config::Config& config, CommandMasks& masks,
             Sessions& sessions, Rules& rules, RoomRights& rights)
    : state_{state},
      config_{config},
      masks_{masks},
      sessions_{sessions},
      rules_{rules},
      rights_{rights},
      table_{state},
      rooms_(table_.capacity()),
      members_(table_.capacity(), 0) {
  free_.reserve(table_.capacity());
}

// --- make and drop -----------------------------------------------------------------

std::optional<wire::Reason> Rooms::reason_not_to_make(const By& by) const {
  if (config_.rooms.create == config::WhoMakes::admin) return wire::Reason::may_not_make;
  if (config_.rooms.create == config::WhoMakes::owners && !owns_name(sessions_, by.slot)) {
    return wire::Reason::owners_make;
  }
  if (rights_.is_muted(by.slot, by.now.wall)) return wire::Reason::muted;
  if (is_at_limit(made_by(made_by_, sessions_, by.slot), config_.limits.rooms_per_member)) {
    return wire::Reason::made_too_many;
  }
  // All users of this machine share the loopback addresses: these are not counted as a network.
  const IpAddress& address = sessions_.where(by.slot).address;
  const auto near = made_at_.find(network_of(address));
  if (near != made_at_.end() && !is_loopback(address) &&
      is_at_limit(near->second, config_.limits.rooms_per_address)) {
    return wire::Reason::made_too_many;
  }
  if (table_.capacity() != 0 && !table_.find_free(by.slot)) return wire::Reason::too_many_rooms;
  return std::nullopt;
}

std::expected<Rooms::Entered, wire::Reason> Rooms::make(const By& by, std::string_view name) {
  if (const auto there = find_name(name)) {
    const state::RoomSlot& row = table_.slot(there->index);
    const auto self = sessions_.sender(by.slot);
    const bool is_repeated = row.maker_end == by.end && row.maker_slot == self.slot &&
                             row.maker_generation == self.generation;
    const auto at = table_.find(by.slot, there->id);
    if (is_repeated && at) return entered(by.slot, *there, *at);
  }
  if (const auto reason = reason_not_to_make(by)) return std::unexpected{*reason};
  if (const auto checked = check_name(name, std::nullopt); !checked) {
    return std::unexpected{checked.error()};
  }
  if (space() <= 0) return std::unexpected{wire::Reason::rooms_full};
  const auto made = begin_room(
      name, false, by.now,
      state::RoomTable::Making::Maker{.session = sessions_.sender(by.slot),
                                      .end = by.end,
                                      .identity = sessions_.identity(by.slot),
                                      .network = network_of(sessions_.where(by.slot).address)});
  if (!made) return std::unexpected{made.error()};
  const auto owner = rules_.add({.kind = state::RuleKind::owner,
                                 .target = state::RuleTarget::person,
                                 .room = table_.place(*made).id,
                                 .person = sessions_.person(by.slot),
                                 .name = sessions_.name(by.slot),
                                 .by = sessions_.name(by.slot),
                                 .now = by.now.wall,
                                 .since = state::first_offset(table_.place(*made).id),
                                 .since_number = 0});
  if (!owner) {
    drop(*made);
    return std::unexpected{owner.error()};
  }
  const Entered result = enter_room(by, table_.place(*made), table_.find_free(by.slot).value(), {});
  table_.settle(*made);
  return result;
}

std::expected<RoomPlace, wire::Reason> Rooms::make_kept(std::string_view name, Now now) {
  const auto made = begin_room(name, true, now, std::nullopt);
  if (!made) return std::unexpected{made.error()};
  note_empty(*made, now);
  table_.settle(*made);
  return table_.place(*made);
}

// The name of a room that the member may not find is taken, too, and the refusal shows that. So a
// hidden room has random characters in its name, see Moderation.
std::expected<wire::Name, wire::Reason> Rooms::check_name(std::string_view name,
                                                          std::optional<RoomIndex> room) const {
  auto checked = wire::check_name(name);
  // Clients show the room "lab" as "#lab", and their users type "#lab".
  if (!checked || checked->key.starts_with('#')) {
    return std::unexpected{wire::Reason::bad_room_name};
  }
  const auto other = directory_.find_name(checked->key);
  const bool is_taken = other && other != room;
  if (is_taken || checked->key == wire::folded_name(config_.room.name)) {
    return std::unexpected{wire::Reason::room_exists};
  }
  return std::move(*checked);
}

void Rooms::rename(RoomIndex room, const wire::Name& name) {
  directory_.rename(wire::folded_name(table_.name(room)), name.key, room);
  table_.rename(room, name.text);
}

std::expected<RoomIndex, wire::Reason> Rooms::begin_room(
    std::string_view name, bool is_kept, Now now,
    const std::optional<state::RoomTable::Making::Maker>& maker) {
  auto checked = check_name(name, std::nullopt);
  if (!checked) return std::unexpected{checked.error()};
  if (free_.empty()) return std::unexpected{wire::Reason::rooms_full};
  const RoomIndex room = free_.back();
  free_.pop_back();
  table_.make(room, {.id = state::RoomId{++last_id_},
                     .name = checked->text,
                     .is_kept = is_kept,
                     .now = now.wall,
                     .maker = maker});
  list(room, std::move(checked->key));
  update_gauge();
  return room;
}

void Rooms::update_gauge() { state_.counters().rooms_now.store(size(), std::memory_order_relaxed); }

void Rooms::list(RoomIndex room, std::string folded_name) {
  rooms_[row_of(room)] = std::make_unique<Room>(state_, table_.place(room), masks_);
  members_[row_of(room)] = 0;
  directory_.add(table_.place(room), std::move(folded_name));
  count_maker(room, 1);
}

// A room that the administrator keeps takes none of the rooms that its maker may have.
void Rooms::count_maker(RoomIndex room, int by) {
  const state::RoomSlot& row = table_.slot(room);
  if (row.maker_end == 0 || row.is_kept != 0) return;
  count_by(made_by_, row.maker, by);
  count_by(made_at_, row.maker_network, by);
}

void Rooms::keep(RoomIndex room) {
  count_maker(room, -1);
  table_.keep(room);
}

// The phase is first: no member enters the room any more, which without its rules would be open to
// banned members. A member whose subscription a worker has overwritten is still in the bitmap.
void Rooms::drop(RoomIndex room) {
  table_.begin_drop(room);
  rules_.remove_all(table_.place(room).id);
  if (members(room) != 0) table_.clear_members(room);
  const bool has_records = tail(room) != state::first_offset(table_.place(room).id);
  table_.drop(room);
  // The archive reads the end of the log before the row has another room.
  if (has_records) table_.end_append(room);
  directory_.remove(table_.place(room), wire::folded_name(table_.name(room)));
  rooms_[row_of(room)].reset();
  free_.push_back(room);
  update_gauge();
  count_maker(room, -1);
}

void Rooms::note_empty(RoomIndex room, Now now) {
  table_.slot(room).empty_since = now.mono.time_since_epoch().count();
}

void Rooms::tick(Now now) {
  constexpr std::size_t kAtOnce = 64;  // to give memory back takes time
  std::vector<RoomIndex> over;
  const std::int64_t limit = (now.mono - config_.rooms.linger).time_since_epoch().count();
  // Of rooms with members no row is read.
  for (std::uint32_t row = 0; row < rooms_.size() && over.size() < kAtOnce; ++row) {
    if (!rooms_[row] || members_[row] != 0) continue;
    const state::RoomSlot& slot = table_.slot(RoomIndex{row});
    if (slot.is_kept == 0 && slot.empty_since <= limit) over.push_back(RoomIndex{row});
  }
  for (const RoomIndex room : over) drop(room);
  tell_crowds(now);
}

// --- enter and leave ---------------------------------------------------------------

std::expected<Rooms::Entered, wire::Reason> Rooms::enter(const By& by, std::string_view name,
                                                         const Room::Position& known) {
  const auto known_room = find_known(by, name, known);
  const auto room = known_room ? known_room : find_name(name);
  const auto own = table_.find(by.slot, room ? room->id : RoomRights::kNoRoom);
  if (own) return entered(by.slot, *room, *own);
  if (!may_enter(by, room)) return std::unexpected{wire::Reason::no_such_room};
  const auto at = table_.find_free(by.slot);
  if (!at) return std::unexpected{wire::Reason::too_many_rooms};
  // Before the member is in the room: a successor does not repeat this step.
  rights_.entered(by.slot, *room, tail(room->index), by.now.wall);
  // A client may know a room of the same name that is gone.
  const bool is_of_this_room = !known.offset || *known.offset >= state::first_offset(room->id);
  return enter_room(by, *room, *at, is_of_this_room ? known : Room::Position{});
}

// For a room that does not exist, the rules of the default room are searched, so that the refusal
// takes about as long as for a room that the member may not enter.
bool Rooms::may_enter(const By& by, const std::optional<RoomPlace>& room) {
  const auto entry = rights_.entry_of(by.slot, room ? room->id : RoomRights::kNoRoom, by.now.wall);
  if (entry.ban) rules_.hit(*entry.ban, by.now.wall);
  if (sessions_.is_plain(by.slot)) return room && !entry.ban && rights_.is_open_to_plain(room);
  const bool is_open = rights_.is_open_to(entry.standing, room);
  return room && !entry.ban && (is_open || entry.is_listed);
}

Rooms::Entered Rooms::enter_room(const By& by, RoomPlace place, std::size_t at,
                                 const Room::Position& known) {
  index_lines(place.index);
  Room& room = this->room(place.index);
  // Offsets of a later room, which may have had the same name, are not forged.
  const std::uint64_t in_log = known.offset.value_or(0) - state::first_offset(place.id);
  if (room.is_beyond(known) && in_log >> state::kRoomOffsetBits == 0) {
    state::count(state_.counters().offsets_refused);
  }
  const state::Telling telling = telling_of_join(by.slot, place, by.now);
  table_.enter(
      by.slot, at,
      {.room = place,
       .start = start_behind(
           state_.room_log(place.index),
           std::max(room.start_for(known),
                    state::Offset{
                        rights_.first_readable(by.slot, place, room.tail(), by.now.wall).offset}),
           table_.sent_before(by.slot, at, place)),
       .change = room.tail(),
       .window = state::is_brief(sessions_.session(by.slot)) ? 0 : kFirstWindow,
       .telling = telling});
  tell(telling, RecordKind::join, by.slot, place.index, {}, by.now.wall);
  table_.settle(by.slot, at);
  if (!telling.is_quiet) ++members_[row_of(place.index)];
  table_.slot(place.index).empty_since = 0;
  return entered(by.slot, place, at);
}

Rooms::Entered Rooms::entered(Slot member, RoomPlace room, std::size_t at) const {
  const state::Subscription& one = table_.subscription(member, at);
  return {.room = room, .at = at, .offset = one.acks.acked, .live_offset = one.change};
}

void Rooms::leave(Slot member, Found found, LeaveKind kind, std::string_view reason, Now now) {
  const RecordKind record = record_of(kind);
  const auto telling = begin_leave(member, found, state::SubscriptionPhase::leaving, record);
  tell(telling, record, member, found.room, reason, now.wall);
  finish_leave(member, found.at, found.room, now);
}

// The time is noted first: if this is the last step of a killed gateway, its successor finishes the
// leave.
void Rooms::finish_leave(Slot member, std::size_t at, RoomIndex room, Now now) {
  std::uint32_t& members = members_[row_of(room)];
  const bool is_quiet = table_.subscription(member, at).is_quiet != 0;
  // 0: a worker has written this room into a subscription to another one.
  if (!is_quiet && members != 0) {
    --members;
    if (members == 0) note_empty(room, now);
  }
  table_.release(member, at);
}

void Rooms::leave_all(Slot member, LeaveKind kind, Now now) {
  table_.for_each(member, [&](std::size_t at) {
    const auto room = table_.place_of(member, at);
    if (!room) return table_.release(member, at);
    leave(member, Found{.at = at, .room = room->index}, kind, {}, now);
  });
}

// --- messages ----------------------------------------------------------------------

void Rooms::post(RoomIndex room, const logs::Entry& entry) {
  if (is_line(entry.kind)) table_.slot(room).has_lines = 1;
  table_.begin_append(room);
  this->room(room).post(entry);
  table_.end_append(room);
}

}  // namespace chatd::chat
