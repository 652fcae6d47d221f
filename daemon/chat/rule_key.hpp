// SPDX-License-Identifier: GPL-3.0-or-later
// rule_key.hpp — the key of a rule in the index of Rules: its kind, target and room.
//
// Runs in:   gateway. Pure.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/state/rule_table.hpp"

namespace chatd::chat {

struct RuleKey {
  using Value = std::array<std::byte, 16>;

  state::RoomId room{};  // first, so that the rules of a room stand together
  state::RuleKind kind{};
  state::RuleTarget target{};
  std::uint8_t prefix{0};  // of a network
  std::uint32_t scope{0};  // of a network: the interface of its link-local addresses, or 0
  Value value{};           // see key_value()
  friend auto operator<=>(const RuleKey&, const RuleKey&) = default;
};

// The person's number; the beginning of the SHA-256 of the name; the first `prefix` bits of the
// address, and zeros.
[[nodiscard]] RuleKey::Value key_value(state::PersonId person) noexcept;
[[nodiscard]] RuleKey::Value key_value(std::string_view folded_name);
[[nodiscard]] RuleKey::Value key_value(const IpAddress& address, unsigned prefix) noexcept;

[[nodiscard]] RuleKey key_of(const state::RuleTable::Making& making);
[[nodiscard]] RuleKey key_of(const state::RuleSlot& row);

// The number of rules of a room.
struct RuleCounts {
  std::uint32_t restrictions{0};
  std::uint32_t grants{0};
  std::uint32_t names{0};  // rules for a name: without any, no name is hashed
  // Restrictions or grants.
  [[nodiscard]] std::uint32_t& of(state::RuleKind kind) {
    return is_restriction(kind) ? restrictions : grants;
  }
  [[nodiscard]] std::uint32_t of(state::RuleKind kind) const {
    return is_restriction(kind) ? restrictions : grants;
  }
  friend bool operator==(const RuleCounts&, const RuleCounts&) = default;
};

}  // namespace chatd::chat
