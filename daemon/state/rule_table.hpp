// SPDX-License-Identifier: GPL-3.0-or-later
// rule_table.hpp — the only code that changes the rows of rules.
//
// Runs in:   gateway only.
// Borrows:   the StateView.
// Invariant: a row is made and removed with one store. A gateway that is killed at any instruction
//            leaves the rule as it was before, or as it is afterwards. Each change but a hit has a
//            version (registry_head.hpp).
// See:       daemon/chat/rules.hpp, which finds the rule that is in force for a member.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/rule_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

class RuleTable {
 public:
  explicit RuleTable(const StateView& state) noexcept
      : head_{state.rule_head()}, registry_{state.registry_head()}, rows_{state.rule_slots()} {}

  // The number of rows that were in use at some time. No row from there on is read.
  [[nodiscard]] std::uint32_t used() const noexcept {
    return std::min(head_.used.load(std::memory_order_relaxed), capacity());
  }
  [[nodiscard]] std::uint32_t capacity() const noexcept {
    return static_cast<std::uint32_t>(rows_.size());
  }
  [[nodiscard]] const RuleSlot& row(RuleIndex rule) const noexcept {
    return rows_[static_cast<std::uint32_t>(rule)];
  }
  [[nodiscard]] bool is_made(RuleIndex rule) const noexcept {
    return row(rule).phase.load(std::memory_order_relaxed) == RulePhase::made;
  }

  struct Making {
    RuleKind kind;
    RuleTarget target;
    RoomId room{kDefaultRoom};  // kDefaultRoom: the whole server
    PersonId person{};
    Network network{};
    std::string_view name{};    // at most kMaxNameBytes
    std::string_view by{};      // at most kMaxNameBytes; empty: the administrator
    std::string_view reason{};  // at most kMaxRuleReasonBytes
    std::string_view note{};    // at most kMaxRuleNoteBytes
    WallTime now{};
    WallTime until{};        // 0: without end
    std::uint64_t since{0};  // see RuleSlot
    std::uint64_t since_number{0};
  };
  // free -> made. The row is below used(), or used() itself, which then grows. Returns a new id.
  RuleId make(RuleIndex rule, const Making& making) noexcept;
  // The rule has another end; 0: no end.
  void set_until(RuleIndex rule, WallTime until) noexcept;
  void set_since(RuleIndex rule, ReadFrom from) noexcept;
  // Counts that the rule has refused something.
  void hit(RuleIndex rule, WallTime now) noexcept;
  // made -> free. The values of the row stay until it is made again.
  void remove(RuleIndex rule) noexcept;
  // Finishes the change of a row that a killed gateway has begun.
  void adopt(RuleIndex rule) noexcept;

 private:
  [[nodiscard]] RuleSlot& slot(RuleIndex rule) const noexcept {
    return rows_[static_cast<std::uint32_t>(rule)];
  }

  RuleHead& head_;
  RegistryHead& registry_;
  std::span<RuleSlot> rows_;
};

// The kind, the target and the room of a rule, without its other values. It borrows the name.
[[nodiscard]] RuleTable::Making making_of(const RuleSlot& rule) noexcept;

// False: the row is damaged, chatd never writes such values. The rule is in force for no session.
[[nodiscard]] bool is_possible(const RuleSlot& rule) noexcept;

[[nodiscard]] inline bool has_ended(const RuleSlot& rule, WallTime now) noexcept {
  const std::int64_t until = rule.until_wall.load(std::memory_order_relaxed);
  return until != 0 && until <= now.time_since_epoch().count();
}

}  // namespace chatd::state
