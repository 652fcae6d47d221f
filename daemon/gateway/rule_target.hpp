// SPDX-License-Identifier: GPL-3.0-or-later
// rule_target.hpp — the TARGET of chatctl ban, mute, unban and unmute.
//
// Runs in:   gateway. Pure.
// Shape:     "SHA256:..." is a key, "10.1.2.3" and "10.1.0.0/16" are networks, everything else is a
//            name. A member's name stands for its key, and the owned name of a user that is not in
//            for its owner; that of a text member, which has no key, for the name and, for an hour,
//            for its address.
// Invariant: a network is never one of this machine: loopback is exempt from rules for networks.
// Errors:    a Refusal, with a sentence for the administrator.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/chat/room_changes.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/state/rule_table.hpp"

namespace chatd::gateway {

// A TARGET of chatctl needs one rule or two; a Target is the target of one of them.
struct Target {
  state::RuleTarget kind;
  state::PersonId person{};
  Network network{};
  // The text by which lists show the target: a name or a fingerprint; for a network, the name of
  // the text member that has an address in it, or "".
  std::string name{};    // NOLINT(readability-redundant-member-init): g++ warns without it
  bool is_short{false};  // it lasts an hour at most: others may get the address
};

[[nodiscard]] std::expected<std::vector<Target>, control::Refusal> rule_targets(
    std::string_view text, const chat::Sessions& sessions, const chat::Persons& persons);

// The user whom the command of an owner of the room names for this target: a member, a person that
// a rule of the room knows, or a name. The target is not a network.
[[nodiscard]] std::expected<Target, control::Refusal> target_in_room(
    const Target& target, const state::RoomPlace& room, const chat::Sessions& sessions,
    const chat::RoomChanges& changes, WallTime now);

// True if `text` or one of its targets is the target of the rule. The rule for the address of a
// text member also has the member's name.
[[nodiscard]] bool is_rule_of(const state::RuleSlot& rule, std::string_view text,
                              const std::vector<Target>& targets);

// True for a network wider than /16 (IPv4) or /32 (IPv6), which many users have in common.
[[nodiscard]] bool is_wide(const Network& network) noexcept;

// "key", "name" or "network", and the target as it is shown.
[[nodiscard]] std::string_view name_of(state::RuleTarget kind) noexcept;
[[nodiscard]] std::string target_of(const state::RuleSlot& rule);
// A network of one address is written as the address.
[[nodiscard]] std::string text_of(const Network& network);

}  // namespace chatd::gateway
