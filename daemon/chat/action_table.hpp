// SPDX-License-Identifier: GPL-3.0-or-later
// action_table.hpp — the actions of owners and moderators on other users: who may do each, and
// which rules for the user it makes and removes. One row for each action.
//
// Runs in:   gateway. Pure.
// See:       Moderation, which decides about an action; RoomChanges, which carries it out.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "common/wire/native/native_room.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::chat {

// In ascending order: a role acts on lower ones only.
enum class Role : std::uint8_t { none, moderator, owner, administrator };

// The role that a rule of this kind gives. nullopt: the rule gives none.
[[nodiscard]] constexpr std::optional<Role> role_given_by(state::RuleKind kind) noexcept {
  if (kind == state::RuleKind::moderator) return Role::moderator;
  if (kind == state::RuleKind::owner) return Role::owner;
  return std::nullopt;
}

struct ActionRow {
  using Kind = std::optional<state::RuleKind>;

  wire::ModerateAction action;
  Role least_role;               // the lowest role that can do it
  Kind makes{};                  // the rule that the user gets
  Kind lifts{};                  // the rule that ends; without such a rule the action is refused
  std::array<Kind, 3> ends{{}};  // other rules that end, if the user has them

  // The role that the user gets.
  [[nodiscard]] constexpr std::optional<Role> gives() const noexcept {
    return makes ? role_given_by(*makes) : std::nullopt;
  }
  // The rule that it makes can have an end. A role has none.
  [[nodiscard]] constexpr bool is_for_a_time() const noexcept { return makes && !gives(); }
  // The user must be a native member, which has a key.
  [[nodiscard]] constexpr bool needs_key() const noexcept {
    return makes && !is_restriction(*makes);
  }
};

inline constexpr std::array kActionRows{
    ActionRow{.action = wire::ModerateAction::kick,
              .least_role = Role::moderator,
              .ends = {{state::RuleKind::invitation}}},
    ActionRow{.action = wire::ModerateAction::ban,
              .least_role = Role::moderator,
              .makes = state::RuleKind::ban,
              .ends = {{state::RuleKind::invitation, state::RuleKind::moderator,
                        state::RuleKind::owner}}},
    ActionRow{.action = wire::ModerateAction::unban,
              .least_role = Role::moderator,
              .lifts = state::RuleKind::ban},
    ActionRow{.action = wire::ModerateAction::mute,
              .least_role = Role::moderator,
              .makes = state::RuleKind::mute},
    ActionRow{.action = wire::ModerateAction::unmute,
              .least_role = Role::moderator,
              .lifts = state::RuleKind::mute},
    ActionRow{.action = wire::ModerateAction::invite,
              .least_role = Role::moderator,
              .makes = state::RuleKind::invitation},
    ActionRow{.action = wire::ModerateAction::uninvite,
              .least_role = Role::moderator,
              .lifts = state::RuleKind::invitation},
    ActionRow{.action = wire::ModerateAction::moderator,
              .least_role = Role::owner,
              .makes = state::RuleKind::moderator,
              .ends = {{state::RuleKind::owner}}},
    ActionRow{.action = wire::ModerateAction::owner,
              .least_role = Role::owner,
              .makes = state::RuleKind::owner,
              .ends = {{state::RuleKind::moderator}}},
    ActionRow{.action = wire::ModerateAction::no_role,
              .least_role = Role::owner,
              .ends = {{state::RuleKind::owner, state::RuleKind::moderator}}},
};
// For a number that is no action: no member may do it, and it changes nothing.
inline constexpr ActionRow kUnknownAction{.action = {}, .least_role = Role::administrator};

[[nodiscard]] constexpr const ActionRow& row_of(wire::ModerateAction action) noexcept {
  const auto* const row = std::ranges::find(kActionRows, action, &ActionRow::action);
  return row == kActionRows.end() ? kUnknownAction : *row;
}

}  // namespace chatd::chat
