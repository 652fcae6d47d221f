// SPDX-License-Identifier: GPL-3.0-or-later
// rooms.hpp — the further rooms: who makes, enters and leaves them, and what is posted in them.
//
// Runs in:   gateway. Pure: no descriptor, no clock, no log.
// Owns:      the RoomDirectory, and a Room for each room. Borrows: the StateView, the
//            Sessions, the Rules, the RoomRights.
// Invariant: a room that is listed has its row in phase `made`; a member of it is a native member
//            of the server. A gateway can be killed at each step of make(), enter(), leave() and
//            drop(): adopt() finishes it, and a command that is sent again gives the same result.
// Hot path:  post() does not allocate.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/name.hpp"
#include "daemon/chat/room.hpp"
#include "daemon/chat/room_directory.hpp"
#include "daemon/chat/room_entry.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/state/room_table.hpp"

namespace chatd::chat {

class Rooms {
 public:
  Rooms(const state::StateView& state, const config::Config& config, CommandMasks& masks,
        Sessions& sessions, Rules& rules, RoomRights& rights);

  // After Sessions::adopt(), and before its settle().
  void adopt(Now now);

  using By = RoomActor;
  using Entered = RoomEntry;
  using Found = RoomSubscription;
  // Makes a room; its maker is its owner, and enters it.
  std::expected<Entered, wire::Reason> make(const By& by, std::string_view name);
  // For the administrator: a room that stays without members.
  std::expected<state::RoomPlace, wire::Reason> make_kept(std::string_view name, Now now);
  // A member that is in the room gets its subscription. `known`: what its client has of the room;
  // `name` may be a former name of it. A room that it may not enter is refused as an absent one.
  std::expected<Entered, wire::Reason> enter(const By& by, std::string_view name,
                                             const Room::Position& known);
  void leave(Slot member, Found found, state::LeaveKind kind, std::string_view reason, Now now);
  // The first part of a leave with a record of this kind: how it is told before finish_leave().
  state::Telling begin_leave(Slot session, const Found& found, state::SubscriptionPhase phase,
                             state::RecordKind kind);
  // Tells the room of a join or a leave: by a record, by a number, or not at all.
  void tell(const state::Telling& telling, state::RecordKind kind, Slot member,
            state::RoomIndex room, std::string_view text, WallTime time);
  void tell_late(Slot session, Now now);  // the rooms whose joins are not told yet
  void finish_leave(Slot member, std::size_t at, state::RoomIndex room, Now now);
  // The member leaves the server and all rooms. Called between Sessions::remove() and settle().
  void leave_all(Slot member, state::LeaveKind kind, Now now);
  // Ends the room; its members leave it first, by leave(); see members().
  void drop(state::RoomIndex room);
  void keep(state::RoomIndex room);  // it stays without members
  // The name that the room would get, as Rooms stores it; nullopt: a new room. An error if the name
  // is not possible, or another room has it.
  [[nodiscard]] std::expected<wire::Name, wire::Reason> check_name(
      std::string_view name, std::optional<state::RoomIndex> room) const;
  void rename(state::RoomIndex room, const wire::Name& name);  // RoomChanges writes the record
  // Drops rooms that are empty for longer than rooms.linger, and tells what rooms have counted.
  void tick(Now now);
  void post(state::RoomIndex room, const logs::Entry& entry);
  [[nodiscard]] std::optional<state::RoomPlace> find_name(std::string_view name) const;  // folded
  [[nodiscard]] std::optional<state::RoomPlace> find_id(state::RoomId room) const;
  // The member's subscription to the room. nullopt: it is not in a room of that id.
  [[nodiscard]] std::optional<Found> find(Slot member, state::RoomId room) const;
  [[nodiscard]] bool has_member(Slot member, state::RoomId room) const;     // with any program
  [[nodiscard]] std::vector<state::RoomIndex> rooms_of(Slot member) const;  // of one session
  [[nodiscard]] std::string_view name(state::RoomIndex room) const { return table_.name(room); }
  [[nodiscard]] const state::RoomSlot& row(state::RoomIndex room) const {
    return table_.slot(room);
  }
  // The number of members; each counts once, with any number of programs.
  [[nodiscard]] std::uint32_t members(state::RoomIndex room) const;
  [[nodiscard]] std::optional<state::RoomPlace> next(std::uint32_t from) const;  // from a row on
  // The first session in a room, from a slot on.
  [[nodiscard]] std::optional<Slot> next_session(state::RoomIndex room, Slot from) const;
  // The first such session that is the first program of its member in the room.
  [[nodiscard]] std::optional<Slot> next_member(state::RoomIndex room, Slot from) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(directory_.size()); }
  // The end of the log of a subscription's room.
  [[nodiscard]] state::Offset tail(state::RoomIndex room) const;
  // How many rooms members can make; < 0: the administrator has used more than its last quarter.
  [[nodiscard]] std::int64_t space() const { return std::ssize(free_) - table_.capacity() / 4; }
  [[nodiscard]] std::uint64_t news() const { return table_.news(); }  // see RoomTable::news()
  [[nodiscard]] state::RoomTable& table() { return table_; }

 private:
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_make(const By& by) const;
  [[nodiscard]] bool may_enter(const By& by, const std::optional<state::RoomPlace>& room);
  [[nodiscard]] std::optional<state::RoomPlace> find_known(const By& by, std::string_view name,
                                                           const Room::Position& known) const;
  std::expected<state::RoomIndex, wire::Reason> begin_room(
      std::string_view name, bool is_kept, Now now,
      const std::optional<state::RoomTable::Making::Maker>& maker);
  Entered enter_room(const By& by, state::RoomPlace place, std::size_t at,
                     const Room::Position& known);
  void update_gauge();
  void note_empty(state::RoomIndex room, Now now);  // the time for rooms.linger begins
  [[nodiscard]] Entered entered(Slot member, state::RoomPlace room, std::size_t at) const;
  void tell_crowds(Now now);
  state::Telling telling_of_join(Slot session, state::RoomPlace place, Now now);
  void tell_late_in(Slot member, state::RoomPlace place, Now now);
  void adopt_late_joins(Slot session, Now now);
  void list(state::RoomIndex room, std::string folded_name);
  void count_maker(state::RoomIndex room, int by);
  [[nodiscard]] bool stands_for_member(Slot session, state::RoomId room) const;
  void count_members();
  void adopt_room(state::RoomIndex room);
  void adopt_session(Slot slot, Now now);
  void adopt_subscription(Slot slot, std::size_t at, Now now);
  void adopt_change(Slot slot, const state::Subscription& one, state::RoomIndex room, Now now);
  // After the subscriptions: the room was being made, or has no members.
  void settle_room(state::RoomIndex room, Now now);
  // Makes the replay index of the room from its log if the index is not whole: the room was made by
  // another gateway, or has more lines than its index has memory for.
  void index_lines(state::RoomIndex index);
  [[nodiscard]] Room& room(state::RoomIndex room) {
    return *rooms_[static_cast<std::uint32_t>(room)];
  }

  const state::StateView& state_;
  const config::Config& config_;
  CommandMasks& masks_;
  Sessions& sessions_;
  Rules& rules_;
  RoomRights& rights_;
  state::RoomTable table_;
  std::vector<std::unique_ptr<Room>> rooms_;  // for each row; null: no room
  std::vector<std::uint32_t> members_;        // for each row
  std::vector<state::RoomIndex> free_;
  std::vector<state::RoomIndex> untold_;  // at least the rooms that have counted something
  RoomDirectory directory_;
  std::map<state::Identity, std::uint32_t> made_by_;          // without kept rooms
  std::map<IpAddress, std::uint32_t, AddressOrder> made_at_;  // the same for each network
  std::uint32_t last_id_{0};
};

}  // namespace chatd::chat
