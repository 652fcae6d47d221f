// SPDX-License-Identifier: GPL-3.0-or-later
// moderation.hpp — what owners, moderators and the administrator change in a room: its topic, its
// properties, and what somebody may do there.
//
// Runs in:   gateway.
// Borrows:   the Sessions, the Rooms, the RoomAdmin, the Rules, the RoomRights, the Mailboxes.
// Pure:      no descriptor, no clock, no log.
// Invariant: what was changed is a record in the room's log, which every member reads. A command
//            that is sent again after its gateway was killed gives the same result.
// See:       RoomRights, which says who may.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "common/wire/native/native_room.hpp"
#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/room_admin.hpp"
#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class Moderation {
 public:
  // Who acts: a member, whose command ends at `end` of its stream, or the administrator.
  struct By {
    std::optional<Slot> member;
    std::uint64_t end{0};
    Now now;
  };
  using Done = std::expected<void, wire::Reason>;
  using Where = RoomRights::Where;

  Moderation(const state::StateView& state, const config::Config& config, Room& default_room,
             Sessions& sessions, Rooms& rooms, RoomAdmin& admin, Rules& rules, RoomRights& rights,
             Mailboxes& mailboxes);

  // Topics of at most state::kMaxTopicBytes, cleaned as messages are; empty: none.
  Done set_topic(const By& by, Where room, std::string_view topic);
  Done set(const By& by, Where room, const wire::RoomSetting& setting);
  Done moderate(const By& by, Where room, const wire::Moderation& moderation);

  // Rules of the whole server, by the administrator: see chatctl(1). Returns the sessions that the
  // rule ends; the caller removes them with the rule's text.
  struct Placed {
    state::RuleIndex rule;
    std::vector<Slot> hit;
  };
  [[nodiscard]] std::vector<Slot> hit_by(const state::RuleTable::Making& rule) const;
  std::expected<Placed, wire::Reason> place(const state::RuleTable::Making& rule);
};

}  // namespace chatd::chat
