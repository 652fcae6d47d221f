// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rules.hpp"

#include <array>

#include "tests/daemon/chat/rules_fixture.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using state::RuleIndex;
using state::RuleKind;
using state::RuleTarget;
using wire::Reason;

class RulesTest : public RulesFixture {};

// --- search ------------------------------------------------------------------------

TEST_F(RulesTest, WithoutRulesNothingIsFound) {
  EXPECT_FALSE(bans_person(1));
  EXPECT_FALSE(bans_name("ada"));
  EXPECT_FALSE(bans_address("192.0.2.1"));
  EXPECT_EQ(rules_.size(), 0U);
  EXPECT_EQ(rules_.next(0), std::nullopt);
}

TEST_F(RulesTest, ARuleIsForItsKindPersonAndRoomOnly) {
  add(person(RuleKind::ban, 5, kLab));
  EXPECT_TRUE(bans_person(5, kLab));
  EXPECT_FALSE(bans_person(5));
  EXPECT_FALSE(bans_person(5, kDen));
  EXPECT_FALSE(bans_person(6, kLab));
  for (const RuleKind kind :
       {RuleKind::mute, RuleKind::invitation, RuleKind::moderator, RuleKind::owner}) {
    EXPECT_FALSE(rules_.has(kind, PersonId{5}, kLab, kNow));
  }
}

TEST_F(RulesTest, ASubjectWithoutAPersonHasNoRuleOfAPerson) {
  add(person(RuleKind::ban, 0));
  EXPECT_FALSE(rules_.find(RuleKind::ban, {}, kServer, kNow));
}

TEST_F(RulesTest, NamesThatFoldAlikeAreOneTarget) {
  const RuleIndex first = add(name(RuleKind::ban, "Ada"));
  EXPECT_TRUE(bans_name("ada"));
  EXPECT_TRUE(bans_name("ＡＤＡ"));
  EXPECT_FALSE(bans_name("ada1"));
  const auto id = rules_.row(first).id;
  add(name(RuleKind::ban, "ａdA"));
  EXPECT_EQ(rules_.size(), 1U);
  EXPECT_GT(rules_.row(*rules_.next(0)).id, id);
}

TEST_F(RulesTest, ARuleEndsAtItsTime) {
  const RuleIndex rule = add(ends_at(person(RuleKind::ban, 1), kNow + Micros{5}));
  EXPECT_TRUE(bans_person(1, kServer, kNow + Micros{4}));
  EXPECT_FALSE(bans_person(1, kServer, kNow + Micros{5}));
  rules_.set_until(rule, {});
  EXPECT_TRUE(bans_person(1, kServer, kNow + std::chrono::years{50}));
}

TEST_F(RulesTest, AnEndedRuleDoesNotHideAnotherOne) {
  add(ends_at(person(RuleKind::ban, 1), kNow));
  const RuleIndex by_name = add(name(RuleKind::ban, "ada"));
  add(ends_at(network("192.0.2.0/24"), kNow));
  const RuleIndex by_network = add(network("192.0.2.1"));
  const IpAddress address = parse_address("192.0.2.1").value();
  EXPECT_EQ(
      rules_.find(RuleKind::ban, {.person = PersonId{1}, .folded_name = "ada", .address = address},
                  kServer, kNow),
      by_name);
  EXPECT_EQ(rules_.find(RuleKind::ban, {.person = PersonId{1}, .address = address}, kServer, kNow),
            by_network);
}

TEST_F(RulesTest, FindIdFindsARuleThatExists) {
  const RuleIndex one = add(person(RuleKind::ban, 1));
  const RuleIndex two = add(person(RuleKind::ban, 2));
  EXPECT_EQ(rules_.find_id(state::RuleId{2}), two);
  rules_.remove(one);
  EXPECT_EQ(rules_.find_id(state::RuleId{1}), std::nullopt);
  EXPECT_EQ(rules_.find_id(state::RuleId{0}), std::nullopt);
}

// --- networks ----------------------------------------------------------------------

// Both answers must be the same for each network and each address.
TEST_F(RulesTest, FindAgreesWithNetworkContains) {
  const std::array networks{"0.0.0.0/0",       "10.0.0.0/8",       "10.1.2.3/32", "::/0",
                            "2001:db8::/32",   "2001:db8::/33",    "::/80",       "::/96",
                            "2001:db8::1/128", "fe80::/10",        "fe80::1/128", "fe80::1%2/128",
                            "fe80::%2/64",     "::ffff:0:0/96",    "255.0.0.0/9", "8000::/1",
                            "0.0.0.0/32",      "2001:db8:0:1::/64"};
  const std::array addresses{
      "10.1.2.3",       "10.255.255.255", "11.0.0.0",        "0.0.0.0",     "255.1.2.3",
      "255.200.2.3",    "2001:db8::1",    "2001:db8:8000::", "2001:db9::1", "fe80::1",
      "fe80::1%2",      "fe80::1%3",      "fe80::2%2",       "::2",         "2001:db8:0:1::9",
      "::ffff:10.1.2.3"};
  for (const auto* text : networks) {
    Rules rules{state_};
    const auto making = network(text);
    const auto added = rules.add(making).value();
    for (const auto* where : addresses) {
      const IpAddress address = parse_address(where).value();
      EXPECT_EQ(rules.find(RuleKind::ban, {.address = address}, kServer, kNow).has_value(),
                making.network.contains(address))
          << text << " " << where;
    }
    rules.remove(added);
  }
}

TEST_F(RulesTest, NetworksOfSeveralLengthsAreSearched) {
  add(network("10.1.2.3"));
  add(network("192.0.2.0/24"));
  add(network("2001:db8::/32"));
  add(network("2001:db8:1:2::/64"));
  EXPECT_TRUE(bans_address("10.1.2.3"));
  EXPECT_FALSE(bans_address("10.1.2.4"));
  EXPECT_TRUE(bans_address("192.0.2.255"));
  EXPECT_FALSE(bans_address("192.0.3.0"));
  EXPECT_TRUE(bans_address("2001:db8:ffff::"));
  EXPECT_FALSE(bans_address("2001:db7:ffff::"));
}

TEST_F(RulesTest, LoopbackIsInNoNetwork) {
  add(network("127.0.0.0/8"));
  add(network("0.0.0.0/0"));
  add(network("::/0"));
  add(network("::1"));
  EXPECT_FALSE(bans_address("127.0.0.1"));
  EXPECT_FALSE(bans_address("127.9.9.9"));
  EXPECT_FALSE(bans_address("::1"));
  EXPECT_TRUE(bans_address("192.0.2.1"));
  add(name(RuleKind::ban, "ada"));
  EXPECT_TRUE(rules_.find(RuleKind::ban,
                          {.folded_name = "ada", .address = parse_address("127.0.0.1").value()},
                          kServer, kNow));
}

TEST_F(RulesTest, AScopeTellsTwoLinksApart) {
  const RuleIndex on_two = add(network("fe80::1%2"));
  const RuleIndex on_three = add(network("fe80::1%3"));
  EXPECT_EQ(rules_.size(), 2U);
  const auto rule_of = [&](std::string_view text) {
    return rules_.find(RuleKind::ban, {.address = parse_address(text).value()}, kServer, kNow);
  };
  EXPECT_EQ(rule_of("fe80::1%2"), on_two);
  EXPECT_EQ(rule_of("fe80::1%3"), on_three);
  EXPECT_EQ(rule_of("fe80::1%4"), std::nullopt);
  add(network("fe80::/10"));
  EXPECT_TRUE(bans_address("fe80::1%4"));
}

// --- change ------------------------------------------------------------------------

TEST_F(RulesTest, ALaterRuleTakesThePlaceOfTheEarlierOne) {
  const RuleIndex first = add(ends_at(person(RuleKind::ban, 1), kNow + std::chrono::hours{1}));
  rules_.hit(first, kNow);
  const auto again = person(RuleKind::ban, 1);
  EXPECT_EQ(rules_.find_same(again), first);
  const RuleIndex second = add(again);
  EXPECT_NE(first, second);
  EXPECT_EQ(rules_.size(), 1U);
  EXPECT_EQ(ids_of(rules_), std::vector<std::uint32_t>{2});
  EXPECT_EQ(rules_.row(second).hits, 0U);
  EXPECT_TRUE(bans_person(1, kServer, kNow + std::chrono::years{1}));
  rules_.remove(second);
  EXPECT_FALSE(bans_person(1));
  EXPECT_EQ(rules_.find_same(again), std::nullopt);
}

TEST_F(RulesTest, RemoveOfARemovedRuleChangesNothing) {
  const RuleIndex rule = add(person(RuleKind::ban, 1));
  add(person(RuleKind::ban, 2));
  rules_.remove(rule);
  rules_.remove(rule);
  EXPECT_EQ(rules_.size(), 1U);
  EXPECT_TRUE(bans_person(2));
  const RuleIndex next = add(person(RuleKind::ban, 3));
  EXPECT_EQ(next, rule);
  EXPECT_NE(add(person(RuleKind::ban, 4)), rule);
}

TEST_F(RulesTest, RemoveAllEndsTheRulesOfOneRoom) {
  add(person(RuleKind::owner, 1, kLab));
  add(person(RuleKind::ban, 2, kLab));
  add(name(RuleKind::mute, "bob", kLab));
  add(person(RuleKind::ban, 2, kDen));
  add(person(RuleKind::ban, 2));
  rules_.remove_all(kLab);
  EXPECT_EQ(rules_.size(), 2U);
  EXPECT_FALSE(bans_person(2, kLab));
  EXPECT_TRUE(bans_person(2, kDen));
  EXPECT_TRUE(bans_person(2));
  EXPECT_EQ(rules_.restrictions_of(kLab), 0U);
  EXPECT_EQ(rules_.restrictions_of(kDen), 1U);
}

TEST_F(RulesTest, RestrictionsAreTheBansAndMutesOfTheServerAndOfAllRooms) {
  add(person(RuleKind::ban, 1));
  add(name(RuleKind::mute, "bob", kLab));
  const RuleIndex last = add(person(RuleKind::ban, 2, kDen));
  add(person(RuleKind::owner, 3, kDen));
  add(person(RuleKind::moderator, 4));
  EXPECT_EQ(rules_.all_like(RuleKind::ban), 3U);
  rules_.remove(last);
  EXPECT_EQ(rules_.all_like(RuleKind::ban), 2U);
  rules_.remove_all(kLab);
  EXPECT_EQ(rules_.all_like(RuleKind::ban), 1U);
}

TEST_F(RulesTest, ForEachOfARoomMayRemoveTheRule) {
  for (std::uint64_t i = 1; i <= 5; ++i) add(person(RuleKind::ban, i, kLab));
  add(person(RuleKind::ban, 1, kDen));
  std::size_t seen = 0;
  rules_.for_each_of(kLab, [&](RuleIndex rule) {
    ++seen;
    rules_.remove(rule);
  });
  EXPECT_EQ(seen, 5U);
  EXPECT_EQ(rules_.size(), 1U);
}

TEST_F(RulesTest, TickRemovesEndedRulesInSeveralCalls) {
  for (std::uint64_t i = 1; i <= 600; ++i) {
    add(ends_at(person(RuleKind::ban, i), i % 2 == 0 ? kNow + Micros{1} : WallTime{}));
  }
  rules_.tick(kNow);
  EXPECT_EQ(rules_.size(), 600U);
  for (int i = 0; i < 3; ++i) rules_.tick(kNow + Micros{1});
  EXPECT_EQ(rules_.size(), 300U);
  EXPECT_TRUE(bans_person(599));
  EXPECT_FALSE(bans_person(600));
}

}  // namespace
}  // namespace chatd::chat
