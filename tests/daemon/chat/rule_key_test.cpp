// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_key.hpp"

#include <gtest/gtest.h>

#include "common/base/address.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::chat {
namespace {

using state::RuleKind;
using Making = state::RuleTable::Making;

TEST(RuleKey, OfANameIsTheSameInEveryCase) {
  const auto key_of_mute = [](std::string_view name) {
    return key_of(test::rule_for(RuleKind::mute, name));
  };
  EXPECT_EQ(key_of_mute("ADA"), key_of_mute("ada"));
  EXPECT_NE(key_of_mute("ADA"), key_of_mute("bob"));
}

TEST(RuleKey, DiffersByKindRoomTargetAndPerson) {
  const Making ban = test::rule_for(RuleKind::ban, state::PersonId{7});
  Making other = ban;
  other.kind = RuleKind::mute;
  EXPECT_NE(key_of(ban), key_of(other));
  other = ban;
  other.room = state::RoomId{1};
  EXPECT_NE(key_of(ban), key_of(other));
  other = ban;
  other.person = state::PersonId{8};
  EXPECT_NE(key_of(ban), key_of(other));
}

TEST(RuleKey, OfANetworkHasItsPrefixAndOnlyTheBitsOfIt) {
  const RuleKey key = key_of(test::ban_of_network("10.1.0.0/16"));
  const IpAddress inside = parse_address("10.1.2.3").value();
  EXPECT_EQ(key.value, key_value(inside, key.prefix));
  EXPECT_NE(key.value, key_value(inside, key.prefix + 8U));
  EXPECT_NE(key, key_of(test::ban_of_network("10.1.0.0/24")));
}

TEST(RuleKey, OfTheRulesOfARoomStandTogether) {
  const RuleKey first{.room = state::RoomId{1}, .kind = RuleKind::owner};
  const RuleKey second{.room = state::RoomId{2}, .kind = RuleKind::ban};
  EXPECT_LT(first, second);
}

}  // namespace
}  // namespace chatd::chat
