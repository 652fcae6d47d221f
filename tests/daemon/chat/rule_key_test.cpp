// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_key.hpp"

#include <gtest/gtest.h>

#include "common/base/address.hpp"

namespace chatd::chat {
namespace {

using state::RuleKind;
using state::RuleTarget;
using Making = state::RuleTable::Making;

Making ban_of_network(std::string_view network) {
  return {.kind = RuleKind::ban,
          .target = RuleTarget::network,
          .network = parse_network(network).value()};
}

TEST(RuleKey, OfANameIsTheSameInEveryCase) {
  const Making upper{.kind = RuleKind::mute, .target = RuleTarget::name, .name = "ADA"};
  const Making lower{.kind = RuleKind::mute, .target = RuleTarget::name, .name = "ada"};
  const Making other{.kind = RuleKind::mute, .target = RuleTarget::name, .name = "bob"};
  EXPECT_EQ(key_of(upper), key_of(lower));
  EXPECT_NE(key_of(upper), key_of(other));
}

TEST(RuleKey, DiffersByKindRoomTargetAndPerson) {
  const Making ban{
      .kind = RuleKind::ban, .target = RuleTarget::person, .person = state::PersonId{7}};
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
  const RuleKey key = key_of(ban_of_network("10.1.0.0/16"));
  const IpAddress inside = parse_address("10.1.2.3").value();
  EXPECT_EQ(key.value, key_value(inside, key.prefix));
  EXPECT_NE(key.value, key_value(inside, key.prefix + 8U));
  EXPECT_NE(key, key_of(ban_of_network("10.1.0.0/24")));
}

TEST(RuleKey, OfTheRulesOfARoomStandTogether) {
  const RuleKey first{.room = state::RoomId{1}, .kind = RuleKind::owner};
  const RuleKey second{.room = state::RoomId{2}, .kind = RuleKind::ban};
  EXPECT_LT(first, second);
}

}  // namespace
}  // namespace chatd::chat
