// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_rooms.hpp — the part of a snapshot about logs and further rooms, written and read.
//
// Runs in:   supervisor, while no child runs.
// Borrows:   the StateView; the reader also the snapshot.
// Shape:     in the snapshot "rooms" (an array), "last_room" (the highest room id that was ever
//            used) and "appending" (the room that the gateway appended to last). In each native
//            session "rooms": its subscriptions, each with "stream" and "room", the room's id; and
//            "removed": rooms that the member was removed from and may have no record `left` of,
//            each with "stream", "room" and "name". A snapshot without these has no further rooms.
// Invariant: a subscription is kept if the room's log lists its session as a member. A change that
//            a killed gateway began is finished if its record is in the log; otherwise it did not
//            happen, and the client sends the command again. A drop is finished in any case.
//            A member whose subscription is not restored gets a record `left`, except for a room
//            that it has left by its own command.
// Errors:    of the reader: exceptions, as in kept_reader.hpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/base/time.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/session_table.hpp"

namespace chatd::handover {

// A log, the number of its next record, and where it began in this history: as an object, and from
// an object.
[[nodiscard]] nlohmann::json log_of(const logs::LogMemory& log, const state::RoomHead& room);
// Restores the end of the log, as much as the ring holds, from the start of a record on. All of it
// must be valid records: the readers of the log rely on that.
void read_log(const nlohmann::json& from, const logs::LogMemory& log, state::RoomHead& room);

// The joins and leaves that the room has counted and not told: as an object, and from an object. A
// snapshot without it has none.
[[nodiscard]] nlohmann::json crowd_of(const state::RoomHead& room);
void read_crowd(const nlohmann::json& from, state::RoomHead& room);

// Tells a room that a member is not restored: the others would list it for ever. `member`: the
// object of its session; `is_counted`: its join was counted.
void tell_leave(state::RoomLog log, state::RoomHead& room, const nlohmann::json& member,
                bool is_counted, WallTime now);

// True: `is` holds for the session, or for another active one of the same name.
template <class Is>
[[nodiscard]] bool any_program(const state::StateView& state, state::Slot session, Is is) {
  if (is(session)) return true;
  const state::SessionTable table{state};
  for (state::Slot slot{}; slot < table.capacity(); ++slot) {
    const bool is_program = slot != session && table.phase(slot) == state::SessionPhase::active &&
                            table.name(slot) == table.name(session);
    if (is_program && is(slot)) return true;
  }
  return false;
}

class RoomsWriter {
 public:
  explicit RoomsWriter(const state::StateView& state)
      : state_{state}, table_{state}, members_(table_.capacity(), 0) {}

  // Adds the subscriptions of a native session to its object.
  void write_subscriptions(nlohmann::json& session, state::Slot slot);
  // Adds the rooms, after the last session.
  void write_rooms(nlohmann::json& snapshot) const;

 private:
  [[nodiscard]] bool is_kept(state::RoomIndex room) const;
  // Whether the session of a subscription is a member of the room, by the log and the phases.
  enum class Membership : std::uint8_t { none, member, removed };
  [[nodiscard]] Membership membership_of(const state::Subscription& subscription,
                                         state::RoomPlace place) const;
  [[nodiscard]] bool has_told(const state::Subscription& subscription, state::RoomIndex room) const;
  [[nodiscard]] bool is_join_told(const state::Subscription& subscription,
                                  state::RoomIndex room) const;
  [[nodiscard]] bool is_member_told(state::Slot slot, state::RoomPlace room) const;
  [[nodiscard]] Membership membership_in_log(const state::Subscription& subscription,
                                             state::RoomIndex room) const;

  const state::StateView& state_;
  state::RoomTable table_;
  std::vector<std::uint32_t> members_;  // for each row
};

class RoomsReader {
 public:
  RoomsReader(const nlohmann::json& snapshot, const state::StateView& state, WallTime now);

  // Restores the rooms, before the first session. If there are fewer rows: rooms that the
  // administrator keeps first, then rooms with members.
  void read_rooms();
  // Restores the rooms of a registry, see registry_read.hpp, without logs: in their order, as long
  // as there are rows. A room that cannot be right is left out. Returns the number of these.
  std::size_t read_kept_rooms();
  // Restores the subscriptions of a session. A room that was left out, or that the member was
  // removed from, is reported in the member's mailbox.
  void read_subscriptions(const nlohmann::json& session, state::Slot slot);
  // The restored sessions, by name.
  using Programs = std::multimap<std::string, state::Slot>;
  // Appends a leave record to each room of a session that is not restored, unless another program
  // of its member is in the room. After the last session is restored.
  void leave_rooms(const nlohmann::json& member, const Programs& programs);

  // The row of a room that is restored.
  [[nodiscard]] std::optional<state::RoomIndex> row_of(state::RoomId room) const {
    const auto found = places_.find(static_cast<Id>(room));
    return found == places_.end() ? std::nullopt : std::optional{found->second.index};
  }
  [[nodiscard]] std::size_t restored() const noexcept { return places_.size(); }
  [[nodiscard]] std::size_t left_out() const noexcept { return left_out_.size(); }

 private:
  using Id = std::uint32_t;
  [[nodiscard]] std::vector<const nlohmann::json*> in_order(const nlohmann::json& rooms) const;
  void read_room(const nlohmann::json& from, state::RoomIndex index);
  void read_kept_room(const nlohmann::json& from, state::RoomIndex index);
  void read_subscription(const nlohmann::json& from, state::Slot slot, state::RoomPlace place);
  // A subscription that ends: the room's name, the reason, and the number of the session's other
  // rooms, see state::Mailbox::append_left().
  struct Ended {
    const std::string& name;
    std::string_view reason;
    std::size_t others;
  };
  void report_left(const nlohmann::json& from, state::Slot slot, const Ended& ended);

  const nlohmann::json& snapshot_;
  const state::StateView& state_;
  WallTime now_;
  state::RoomTable table_;
  std::map<Id, state::RoomPlace> places_;
  std::set<std::string> names_;                // folded, of read_kept_rooms()
  std::map<Id, std::string> left_out_;         // the names of rooms without a row
  std::set<std::pair<Id, std::string>> left_;  // the leave records
};

}  // namespace chatd::handover
