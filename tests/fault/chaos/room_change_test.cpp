// SPDX-License-Identifier: GPL-3.0-or-later
// Owners change everything, others only what moderators may change.
#include "tests/fault/chaos/room_change.hpp"

#include <set>

#include <gtest/gtest.h>

namespace chatd::test {
namespace {

using wire::ModerateAction;

// The kinds and actions of many changes.
std::set<std::string> changes(bool is_owner, const RoomRules& rules) {
  std::mt19937_64 random{1};
  std::set<std::string> seen;
  const std::string room{"lab"};
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const auto change =
        choose_change({.room = room, .rules = rules, .is_owner = is_owner}, "bob", number, random);
    const std::string text = readable(change.sent.kind, change.sent.text);
    seen.insert(text.substr(0, text.find(' ')));
  }
  return seen;
}

TEST(RoomChangeTest, OwnersChangePropertiesAndRoles) {
  EXPECT_EQ(changes(true, RoomRules{"ada"}),
            (std::set<std::string>{"ban", "hidden", "invite", "invited", "kick", "lecture",
                                   "moderator", "mute", "topic", "unban", "uninvite"}));
}

TEST(RoomChangeTest, OthersTryWhatModeratorsMayDo) {
  EXPECT_EQ(changes(false, RoomRules{"ada"}),
            (std::set<std::string>{"ban", "invite", "kick", "mute", "topic", "unban", "uninvite"}));
}

TEST(RoomChangeTest, OwnersEndRulesAndRoles) {
  RoomRules rules{"ada"};
  for (const ModerateAction action : {ModerateAction::mute, ModerateAction::moderator}) {
    rules.apply({.kind = wire::RecordKind::moderated,
                 .text = record_text({.action = action, .name = "bob"})});
  }
  const auto seen = changes(true, rules);
  EXPECT_TRUE(seen.contains("unmute"));
  EXPECT_TRUE(seen.contains("no_role"));
  EXPECT_FALSE(seen.contains("moderator"));
}

}  // namespace
}  // namespace chatd::test
