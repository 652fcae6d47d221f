// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_row.hpp"

#include <gtest/gtest.h>

#include "common/base/time.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

constexpr WallTime kNow{seconds{1000}};

TEST(RuleRow, OfARuleHasItsNumberAndTheCommandThatRemovesIt) {
  state::RuleSlot rule{};
  rule.id = 7;
  rule.kind = state::RuleKind::mute;
  rule.target = state::RuleTarget::person;
  rule.made_wall = kNow.time_since_epoch().count();
  rule.hits = 3;
  rule.hit_wall = rule.made_wall + 1'000'000;
  assign(rule.name, "Eve");
  assign(rule.by, "ada");
  assign(rule.reason, "noise");
  EXPECT_EQ(row_of(rule, "lab"), (wire::RuleRow{.id = 7,
                                                .kind = "mute",
                                                .by_what = "key",
                                                .target = "Eve",
                                                .room = "lab",
                                                .made = kNow,
                                                .by = "ada",
                                                .reason = "noise",
                                                .hits = 3,
                                                .last_hit = to_rfc3339(kNow + seconds{1}),
                                                .undo = "chatctl unmute 7"}));
}

TEST(RuleRow, OfARuleThatIsNotMadeHasNoNumberAndNoCommand) {
  const auto row = row_of(state::RuleTable::Making{.kind = state::RuleKind::ban,
                                                   .target = state::RuleTarget::network,
                                                   .network = parse_network("10.1.2.0/24").value(),
                                                   .name = "bob",
                                                   .note = "third time",
                                                   .now = kNow,
                                                   .until = kNow + seconds{60}},
                          "");
  EXPECT_EQ(row, (wire::RuleRow{.kind = "ban",
                                .by_what = "network",
                                .target = "10.1.2.0/24",
                                .made = kNow,
                                .until = to_rfc3339(kNow + seconds{60}),
                                .note = "third time"}));
}

}  // namespace
}  // namespace chatd::gateway
