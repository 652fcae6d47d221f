// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/rule_table.hpp"

#include <algorithm>

namespace chatd::state {

namespace {

constexpr unsigned kAddressBits = 128;

}  // namespace

RuleId RuleTable::make(RuleIndex rule, const Making& making) noexcept {
  const auto at = static_cast<std::uint32_t>(rule);
  RuleSlot& row = slot(rule);
  const std::uint32_t id = head_.last_id.load(std::memory_order_relaxed) + 1;
  head_.last_id.store(id, std::memory_order_relaxed);
  crash_point();
  head_.used.store(std::max(used(), at + 1), std::memory_order_release);
  crash_point();
  const RowChange change{registry_, row.version};
  row.id = id;
  row.kind = making.kind;
  row.target = making.target;
  row.room = making.room;
  row.person = making.person;
  row.network = making.network.base;
  row.prefix = static_cast<std::uint8_t>(making.network.prefix);
  row.made_wall = making.now.time_since_epoch().count();
  row.until_wall.store(making.until.time_since_epoch().count(), std::memory_order_relaxed);
  row.hits.store(0, std::memory_order_relaxed);
  row.hit_wall.store(0, std::memory_order_relaxed);
  row.since.store(making.since, std::memory_order_relaxed);
  row.since_number.store(making.since_number, std::memory_order_relaxed);
  assign(row.name, making.name);
  assign(row.by, making.by);
  assign(row.reason, making.reason);
  assign(row.note, making.note);
  crash_point();
  row.phase.store(RulePhase::made, std::memory_order_release);
  crash_point();
  return RuleId{id};
}

void RuleTable::set_until(RuleIndex rule, WallTime until) noexcept {
  const RowChange change{registry_, slot(rule).version};
  slot(rule).until_wall.store(until.time_since_epoch().count(), std::memory_order_relaxed);
  crash_point();
}

// The number is first: it has no meaning without an offset.
void RuleTable::set_since(RuleIndex rule, ReadFrom from) noexcept {
  const RowChange change{registry_, slot(rule).version};
  slot(rule).since_number.store(from.number, std::memory_order_relaxed);
  crash_point();
  slot(rule).since.store(from.offset, std::memory_order_relaxed);
  crash_point();
}

void RuleTable::hit(RuleIndex rule, WallTime now) noexcept {
  RuleSlot& row = slot(rule);
  row.hits.store(row.hits.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  row.hit_wall.store(now.time_since_epoch().count(), std::memory_order_relaxed);
}

void RuleTable::remove(RuleIndex rule) noexcept {
  const RowChange change{registry_, slot(rule).version};
  slot(rule).phase.store(RulePhase::free, std::memory_order_release);
  crash_point();
}

void RuleTable::adopt(RuleIndex rule) noexcept { adopt_row(registry_, slot(rule).version); }

RuleTable::Making making_of(const RuleSlot& rule) noexcept {
  return {.kind = rule.kind,
          .target = rule.target,
          .room = rule.room,
          .person = rule.person,
          .network = {.base = rule.network, .prefix = rule.prefix},
          .name = view_of(rule.name)};
}

bool is_possible(const RuleSlot& rule) noexcept {
  if (rule.kind < RuleKind::ban || rule.kind > RuleKind::owner) return false;
  if (rule.id == 0 || rule.id > kMaxRuleId) return false;
  if (rule.until_wall.load(std::memory_order_relaxed) < 0) return false;
  switch (rule.target) {
    case RuleTarget::person:
      return rule.person != PersonId{};
    case RuleTarget::name:
      return !view_of(rule.name).empty();
    case RuleTarget::network:
      return rule.prefix <= kAddressBits && is_restriction(rule.kind);
  }
  return false;
}

}  // namespace chatd::state
