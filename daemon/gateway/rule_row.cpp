// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_row.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/rule_target.hpp"

namespace chatd::gateway {

using state::RuleKind;

namespace {

std::string time_or_nothing(std::int64_t micros) {
  return micros == 0 ? std::string{} : to_rfc3339(wall_time_of(micros));
}

}  // namespace

std::string_view name_of(RuleKind kind) noexcept { return kind == RuleKind::mute ? "mute" : "ban"; }

wire::RuleRow row_of(const state::RuleSlot& rule, std::string_view room) {
  const std::string_view kind = name_of(rule.kind);
  return {.id = rule.id,
          .kind = std::string{kind},
          .by_what = std::string{name_of(rule.target)},
          .target = target_of(rule),
          .room = std::string{room},
          .made = wall_time_of(rule.made_wall),
          .until = time_or_nothing(rule.until_wall.load(std::memory_order_relaxed)),
          .by = std::string{view_of(rule.by)},
          .reason = std::string{view_of(rule.reason)},
          .note = std::string{view_of(rule.note)},
          .hits = rule.hits.load(std::memory_order_relaxed),
          .last_hit = time_or_nothing(rule.hit_wall.load(std::memory_order_relaxed)),
          .undo = fmt::format("chatctl un{} {}", kind, rule.id)};
}

wire::RuleRow row_of(const state::RuleTable::Making& making, std::string_view room) {
  const bool is_network = making.target == state::RuleTarget::network;
  return {.kind = std::string{name_of(making.kind)},
          .by_what = std::string{name_of(making.target)},
          .target = is_network ? text_of(making.network) : std::string{making.name},
          .room = std::string{room},
          .made = making.now,
          .until = time_or_nothing(making.until.time_since_epoch().count()),
          .reason = std::string{making.reason},
          .note = std::string{making.note}};
}

}  // namespace chatd::gateway
