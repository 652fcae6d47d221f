// SPDX-License-Identifier: GPL-3.0-or-later
// moderation.hpp — decides which changes owners, moderators and the administrator may make in a
// room: its topic, its properties, and rules for other users.
//
// Runs in:   gateway.
// Borrows:   the Sessions, the Rooms, the Rules, the RoomRights, the RoomChanges.
// Owns:      the rates of changes.
// Pure:      no descriptor, no clock, no log.
// Invariant: a role acts on lower ones only, and members do not change bans and mutes that the
//            administrator made. A room that has an owner keeps one.
// See:       RoomRights for what each role may do, RoomChanges for how it is done.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/native/native_room.hpp"
#include "daemon/chat/change_rates.hpp"
#include "daemon/chat/room_changes.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class Moderation {
 public:
  // The time after which an unused invitation ends, if the command has no other one.
  static constexpr std::chrono::seconds kInvitationTime = std::chrono::hours{24};
  // Bans and mutes of all rooms that were made from one network; see Rules::kRestrictionsOfRooms.
  static constexpr std::uint32_t kRestrictionsOfANetwork = Rules::kRestrictionsOfRooms / 4;

  Moderation(const Sessions& sessions, Rooms& rooms, Rules& rules, RoomRights& rights,
             RoomChanges& changes)
      : sessions_{sessions}, rooms_{rooms}, rules_{rules}, rights_{rights}, changes_{changes} {}

  using By = RoomChanges::By;
  using Removals = RoomChanges::Removals;
  using Done = std::expected<Removals, wire::Reason>;
  // nullopt: the default room. The caller has checked that `by` is a member of a further room.
  using Where = RoomChanges::Where;

  // `topic` has at most state::kMaxTopicBytes, and is cleaned as messages are; empty: no topic.
  Done set_topic(const By& by, const Where& room, std::string_view topic);
  // A room that becomes hidden gets random characters in its name.
  Done set(const By& by, const Where& room, const wire::RoomSetting& setting);
  // An action that was carried out. The texts are those of its record.
  struct Moderated {
    std::string name;  // of the target
    std::string reason;
    std::uint32_t seconds;
    Removals removals;
  };
  std::expected<Moderated, wire::Reason> moderate(const By& by, const Where& room,
                                                  const wire::Moderation& moderation);
  // For the administrator. The members get a record RoomProperty::name. The name of a hidden room
  // gets a random end.
  Done rename(const By& by, const state::RoomPlace& room, std::string_view name);

  // Charges the rates of changes. Set: the member's change must wait so long.
  [[nodiscard]] std::optional<Micros> charge(Slot member, MonoTime now) {
    return rates_.refuse(sessions_.person(member), sessions_.where(member).address, now,
                         [&] { return rooms_with_role(member); });
  }
  // The same for a change of the member's own presence.
  [[nodiscard]] std::optional<Micros> charge_own(Slot member, MonoTime now) {
    return rates_.refuse(sessions_.person(member), now);
  }
  void tick(MonoTime now) { rates_.tick(now); }

 private:
  using Target = RoomChanges::Target;
  // A command whose conditions are checked, its target, and the role of its sender.
  struct Attempt {
    const By& by;
    const Where& room;
    const wire::Moderation& moderation;
    const Target& target;
    Role own;
  };

  [[nodiscard]] Role role_of(const By& by, const Where& room) const;
  // The rooms that the member is in and has a role in, the default room last.
  [[nodiscard]] std::vector<state::RoomId> rooms_with_role(Slot member) const;
  [[nodiscard]] std::optional<wire::Reason> reason_not_to(const Attempt& attempt);
  [[nodiscard]] bool is_banned(const Target& target, const Where& room, WallTime now) const;
  [[nodiscard]] std::optional<wire::Reason> reason_of_roles(const Attempt& attempt) const;
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_add(const Attempt& attempt,
                                                              state::RuleKind kind);
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_remove(const Attempt& attempt,
                                                                 state::RuleKind kind) const;
  [[nodiscard]] bool is_network_full(const state::RoomPlace& room) const;
  void hide(const By& by, const state::RoomPlace& room);
  // Writes the record. `name` is one that Rooms::check_name() has checked.
  Done post_name(const By& by, const state::RoomPlace& room, std::string_view name);
  // The name with another random end, which no room has.
  [[nodiscard]] std::string hidden_name(std::string_view of, const state::RoomPlace& room) const;

  const Sessions& sessions_;
  Rooms& rooms_;
  Rules& rules_;
  RoomRights& rights_;
  RoomChanges& changes_;
  ChangeRates rates_;
};

}  // namespace chatd::chat
