// SPDX-License-Identifier: GPL-3.0-or-later
// room_changes.hpp — carries out a change of a room: its topic, a property, or a rule for a user.
//
// Runs in:   gateway.
// Borrows:   the StateView, the default Room, the Sessions, the Rooms, the RoomAdmin, the Rules,
//            the RoomRights, the Mailboxes, the Blocks.
// Pure:      no descriptor, no clock, no log.
// Invariant: a change begins with its record in the room's log, which every member reads; then the
//            record is carried out. If the gateway is killed in between, its successor carries the
//            record out. The record has the end of the command, which is not executed again when it
//            is sent again.
// See:       Moderation, which decides who may; native_room.hpp for the records.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/native/native_room.hpp"
#include "daemon/chat/blocks.hpp"
#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/room_admin.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

class RoomChanges {
 public:
  using Where = RoomRights::Where;  // nullopt: the default room

  RoomChanges(const state::StateView& state, Room& default_room, Sessions& sessions, Rooms& rooms,
              RoomAdmin& admin, Rules& rules, RoomRights& rights, Mailboxes& mailboxes,
              const Blocks& blocks)
      : state_{state},
        default_room_{default_room},
        sessions_{sessions},
        rooms_{rooms},
        admin_{admin},
        rules_{rules},
        rights_{rights},
        mailboxes_{mailboxes},
        blocks_{blocks} {}

  // The sender of a command.
  struct By {
    std::optional<Slot> member{};  // nullopt: the administrator
    std::uint64_t end{0};          // of the command in the member's stream
    Now now{};
  };
  // A session that a change of the default room removes from the server. The caller removes all of
  // them, as kicked, and calls removed() afterwards.
  struct Removal {
    Slot member;
    std::string reason;
  };
  using Removals = std::vector<Removal>;

  // Appends the record (topic, set, moderated or erased), and carries it out.
  Removals carry_out(const By& by, const Where& room, state::RecordKind kind,
                     std::string_view text);
  // The sessions of the last change have left the server.
  void removed();
  // After NativeCommands::adopt(): finishes the change that a predecessor began, and removes
  // members from further rooms in which they are banned.
  Removals adopt(Now now);

  // Removes the sessions from the further rooms from which they are banned.
  void remove_banned(std::span<const Slot> sessions, Now now);

  // The user that a command names.
  struct Target {
    std::optional<Slot> slot{};  // nullopt: not a member of the server now
    state::PersonId person{};    // 0: not known, a rule is for the name
    std::string name{};
    Role role{Role::none};
    bool is_owner{false};  // of the name, and not in now
  };
  // The member that has the name; else its owner; else the person that a rule of the room was made
  // for under this name; else the name only. nullopt: the text is not a possible name.
  [[nodiscard]] std::optional<Target> find_target(const Where& room, std::string_view name,
                                                  WallTime now) const;
  // True for a rule for the person of the target; and for a ban or a mute for its name, or for
  // another person under this name.
  [[nodiscard]] static bool is_for(const state::RuleSlot& rule, const Target& target);
  // The rule that the action makes, see ActionRow::makes. It borrows the texts of the arguments.
  [[nodiscard]] state::RuleTable::Making making(const Where& room, const Target& target,
                                                const wire::Moderation& moderation,
                                                std::string_view by, WallTime time) const;
  // True: the target is the only owner of the room.
  [[nodiscard]] bool is_last_owner(const Where& room, const Target& target, WallTime now) const;

 private:
  // The content of a record about a change.
  struct Change {
    state::RecordKind kind;
    std::string_view by;  // a member's name; empty: the administrator
    std::string_view text;
    WallTime time;
  };

  // RuleSlot::since of a rule for the target, and its number.
  [[nodiscard]] RoomRights::First since_of(const Where& room, const Target& target, bool is_in,
                                           WallTime time) const;
  [[nodiscard]] std::optional<Target> target_of_rule(state::RoomId room, std::string_view name,
                                                     WallTime now) const;
  Removals apply(const Where& room, const Change& change, Now now);
  void apply_setting(const Where& room, const Change& change);
  // Invites the members of a room that becomes one for invited members.
  void invite_members(const state::RoomPlace& room, const Change& change);
  Removals apply_moderation(const Where& room, const Change& change, Now now);
  // Removes those of the members for which a ban of the room is in force; of the default room: the
  // result has them.
  Removals remove_banned(const Where& room, std::span<const Slot> members, Now now);
  Removals kick(const Where& room, const Target& target, const Change& change,
                std::string_view reason, Now now);
  void invite(const Where& room, const Target& target, const Change& change);
  // Removes the rules of that kind that are for the target, see is_for(). A member (`by` is its
  // name) does not remove bans and mutes of the administrator.
  void remove_rules(const Where& room, const Target& target, state::RuleKind kind,
                    std::string_view by);
  [[nodiscard]] logs::LogMemory log_of(const Where& room) const {
    return room ? state_.room_log(room->index) : state_.room_log();
  }
  [[nodiscard]] state::Offset tail(const Where& room) const {
    return room ? rooms_.tail(room->index) : default_room_.tail();
  }
  // The number of the next record of the room's log.
  [[nodiscard]] std::uint64_t next_number(const Where& room) const {
    const state::RoomHead& head = room ? state_.room_slot(room->index).head : state_.room_head();
    return head.next_sequence.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::optional<Where> room_of_change(std::uint32_t change_of) const;

  const state::StateView& state_;
  Room& default_room_;
  Sessions& sessions_;
  Rooms& rooms_;
  RoomAdmin& admin_;
  Rules& rules_;
  RoomRights& rights_;
  Mailboxes& mailboxes_;
  const Blocks& blocks_;
};

}  // namespace chatd::chat
