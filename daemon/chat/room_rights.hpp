// SPDX-License-Identifier: GPL-3.0-or-later
// room_rights.hpp — the rights of a member in a room: to find it, enter it, write, and change it.
//
// Runs in:   gateway.
// Borrows:   the StateView, the configuration, the Sessions, the Rules, the KnownPersons.
// Owns:      the times of slow mode and of the rates of rooms.
// Pure:      no descriptor, no clock.
// Invariant: a rule for a name never restricts a member that has a role in the room.
// Hot path:  reason_not_to_say() does not allocate.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "common/wire/native/native_room.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/action_table.hpp"
#include "daemon/chat/known_persons.hpp"
#include "daemon/chat/room_rates.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/chat/slow_times.hpp"

namespace chatd::chat {

class RoomRights {
 public:
  // Whether the person owns a name.
  using Owns = std::function<bool(state::PersonId)>;
  RoomRights(const state::StateView& state, const config::Config& config, const Sessions& sessions,
             Rules& rules, const KnownPersons& known, Owns owns);

  // No room has this id.
  static constexpr state::RoomId kNoRoom{UINT32_MAX};
  // nullopt: the default room.
  using Where = std::optional<state::RoomPlace>;
  // Names a room in the archive, see RoomSlot::born and RoomHead::begin_sequence.
  struct Origin {
    std::uint64_t born;
    std::uint64_t begin;
  };
  [[nodiscard]] Origin origin(const Where& room) const noexcept;
  // The id that rules of the room have.
  [[nodiscard]] static state::RoomId id_of(const Where& room) noexcept {
    return room ? room->id : state::kDefaultRoom;
  }
  [[nodiscard]] state::RoomProperties& properties(const Where& room) const {
    return state_.properties(room ? std::optional{room->index} : std::nullopt);
  }

  [[nodiscard]] Role role(Slot member, const Where& room, WallTime now) const;
  [[nodiscard]] Role role(state::PersonId person, state::RoomId room, WallTime now) const;
  // Invited, or with a role: such a person enters a room for invited members.
  [[nodiscard]] bool is_on_list(state::PersonId person, state::RoomId room, WallTime now) const;
  // True: the room is in lists for the member, which is not in it. False for a hidden room, and for
  // a room that the member may not enter.
  [[nodiscard]] bool may_find(Slot member, const state::RoomPlace& room, WallTime now) const;
  // True: the member is not banned there, and is on the list of a room for invited members. A
  // hidden room can be entered by its name.
  [[nodiscard]] bool may_enter(Slot member, const Where& room, WallTime now) const;
  // The rules about entering a room. The same number of lookups is made for each room, also for
  // kNoRoom.
  struct Entry {
    std::optional<state::RuleIndex> ban;
    bool is_listed;  // as is_on_list()
    wire::MayEnter standing;
  };
  // The highest of the three that holds for the person.
  using Standing = wire::MayEnter;
  [[nodiscard]] Standing standing_of(state::PersonId person, WallTime now) const;
  // True: a person that is not on the list of the room may join.
  [[nodiscard]] bool is_open_to(Standing standing, const Where& room) const;
  // The same for a browser whose connection can be read on its way: only rooms that are listed.
  [[nodiscard]] bool is_open_to_plain(const Where& room) const;
  [[nodiscard]] Entry entry_of(Slot member, state::RoomId room, WallTime now) const;
  // The ban of the member in this room only; kDefaultRoom: in the whole server.
  [[nodiscard]] std::optional<state::RuleIndex> ban_of(Slot member, state::RoomId room,
                                                       WallTime now) const {
    return restriction(state::RuleKind::ban, member, room, now);
  }
  // The member enters the room, whose log ends at `tail`: its invitation has no end from now on.
  void entered(Slot member, const state::RoomPlace& room, state::Offset tail, WallTime now);
  // The first byte of the room's log that the member may read. In an open room: the first byte
  // since it was opened. In a room for invited members, and for earlier bytes: the first byte since
  // the member entered the room, unless its invitation and its roles have ended since then: by a
  // kick, a ban, or a command that takes them.
  // `number`: the same as the number of a record, for what is stored on disk.
  using First = state::ReadFrom;
  [[nodiscard]] First first_readable(Slot member, const state::RoomPlace& room, state::Offset tail,
                                     WallTime now) const;
  // The number in first_readable(). The default room, which is always open, has no first one: 0.
  // The right to read stored lines is this number, and to be in the room.
  [[nodiscard]] std::uint64_t first_number(Slot member, const Where& room, WallTime now) const;
  // The smallest RuleSlot::since of the person's rules in the room, and the smallest number. Offset
  // 0: the person has no such rule, or has not been in the room since the rule was made.
  [[nodiscard]] First since(state::PersonId person, state::RoomId room, WallTime now) const;
  // Stores first_readable() in the member's rules, for the time when the room is for invited
  // members.
  void keep_readable(Slot member, const state::RoomPlace& room, state::Offset tail, WallTime now);

  // A mute in the server or in the room, a lecture, slow mode, or the rates of a further room; the
  // default room has no such rates. nullopt: the member may write, and the rates were charged.
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_say(Slot member, const Where& room,
                                                              Now now);
  // The number of messages that the rates of the room have refused since this gateway was started.
  [[nodiscard]] std::uint64_t too_fast(const state::RoomPlace& room) const;
  // The mute of the whole server that is in force for the member; nullptr: there is none.
  [[nodiscard]] const state::RuleSlot* mute_of(Slot member, WallTime now) const;
  // Muted in the whole server.
  [[nodiscard]] bool is_muted(Slot member, WallTime now) {
    return is_muted_in(member, state::kDefaultRoom, now);
  }
  // Muted in the whole server or in this room.
  [[nodiscard]] bool is_muted(Slot member, const Where& room, WallTime now);

  // The lowest role that can change the property. ActionRow::least_role is that of an action.
  [[nodiscard]] static Role least_role(wire::RoomProperty property) noexcept;
  static constexpr Role kSetsTopic = Role::moderator;
  static constexpr Role kErasesLines = Role::moderator;  // of other members, at any time
  // How long a member can take back its own line.
  static constexpr std::chrono::minutes kOwnLineTime{10};

 private:
  [[nodiscard]] std::optional<state::RuleIndex> restriction(state::RuleKind kind, Slot member,
                                                            state::RoomId room, WallTime now) const;
  [[nodiscard]] bool is_muted_in(Slot member, state::RoomId room, WallTime now);
  // Charges the rates of the room, unless they are used up.
  [[nodiscard]] bool is_too_fast(Slot member, const state::RoomPlace& room, Now now);

  const state::StateView& state_;
  const Sessions& sessions_;
  Rules& rules_;
  const KnownPersons& known_;
  Owns owns_;
  SlowTimes slow_;
  RoomRates rates_;
  struct TooFast {
    state::RoomId room{};  // that has the row; another room has begun with 0
    std::uint64_t messages{0};
  };
  std::vector<TooFast> too_fast_;  // for each row of a room
};

}  // namespace chatd::chat
