// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/door.hpp"

#include <algorithm>
#include <utility>

namespace chatd::chat {

namespace {

constexpr std::uint32_t kAtOnce = 256;  // the event loop must not stall

}  // namespace

Door::Door(const config::Config& config, const Sessions& sessions, const Rooms& rooms,
           KnownPersons& known, Invitations& invitations, Rules& rules, Owns owns)
    : sessions_{sessions},
      rooms_{rooms},
      known_{known},
      invitations_{invitations},
      rules_{rules},
      owns_{std::move(owns)},
      is_closed_{config.server.door == config::WhoEnters::invited} {}

void Door::adopt(Now now) {
  invitations_.for_each_due([&](state::PersonId person, std::string_view name, state::RoomId room) {
    invite(person, name, room, now.wall);
  });
  if (!is_closed_) return;
  for (const Slot session : sessions_.with_mailbox()) {
    const state::PersonId person = sessions_.person(session);
    if (!admits(person, now.wall)) were_in_.insert(person);
  }
}

bool Door::admits(state::PersonId person, WallTime now) const {
  return is_protected(person) || known_.is_known(person, now);
}

bool Door::is_in(state::PersonId person) const {
  if (!were_in_.contains(person)) return false;
  const Roster& roster = sessions_.roster();
  for (auto slot = roster.next_listed(Slot{}); slot; slot = roster.next_listed(Slot{*slot + 1})) {
    if (sessions_.person(*slot) == person) return true;
  }
  return false;
}

Door::Entry Door::look(state::PersonId person, std::string_view code, WallTime now) const {
  if (!code.empty()) {
    const auto found = invitations_.find(code, person, now);
    if (!found) return std::unexpected{wire::Reason::code_refused};
    return found;
  }
  if (!is_closed_ || admits(person, now) || is_in(person)) return std::nullopt;
  return std::unexpected{wire::Reason::not_invited};
}

std::optional<state::RoomId> Door::admit(const Invitations::Found& found, state::PersonId person,
                                         std::string_view name, WallTime now) {
  if (!invitations_.admit(found, person, name, now)) return std::nullopt;
  std::optional<state::RoomId> invited;
  invitations_.take_due(person,
                        [&](state::PersonId /*person*/, std::string_view due, state::RoomId room) {
                          invite(person, due, room, now);
                          invited = room;
                        });
  return invited;
}

// Makes the rule that /invite makes. The rule has no end, because the code had one. Nothing is done
// for a room that is gone, or that has no space for another rule.
void Door::invite(state::PersonId person, std::string_view name, state::RoomId room, WallTime now) {
  if (!rooms_.find_id(room) || rules_.has(state::RuleKind::invitation, person, room, now)) return;
  (void)rules_.add({.kind = state::RuleKind::invitation,
                    .target = state::RuleTarget::person,
                    .room = room,
                    .person = person,
                    .name = name,
                    .now = now});
}

// --- persons that are in --------------------------------------------------------------

void Door::tick(WallTime now) {
  const Roster& roster = sessions_.roster();
  std::uint32_t looked = 0;
  std::uint32_t replaced = 0;
  auto slot = roster.next_listed(next_);
  for (; slot && looked < kAtOnce && replaced < kReplacedAtOnce;
       slot = roster.next_listed(Slot{*slot + 1})) {
    if (look_at(*slot, now)) ++replaced;
    ++looked;
  }
  next_ = slot.value_or(Slot{});
}

bool Door::look_at(Slot session, WallTime now) {
  const state::SessionSlot& slot = sessions_.session(session);
  if (!state::has_mailbox(slot.kind)) return false;
  const WallTime began{Micros{slot.joined_wall}};
  if (began + KnownPersons::kMinStay > now) return false;
  return known_.note(
      {.person = slot.person, .address = sessions_.where(session).address, .began = began}, now,
      [this](state::PersonId person) { return is_protected(person); });
}

}  // namespace chatd::chat
