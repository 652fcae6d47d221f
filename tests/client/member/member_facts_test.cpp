// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/member_facts.hpp"

#include <gmock/gmock.h>

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr std::string_view kKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

TEST(MemberFacts, AreReadFromTheirLines) {
  const auto facts = read_member_facts(
      "name\tbob\nprotocol\tnative\nkey\t" + std::string{kKey} +
      "\nsince\t1795216504000000\naway\tlunch\tuntil two\nsilent\t90\nprograms\t2\n"
      "room\tlab\nroom\tpub\nmore_rooms\t3");
  EXPECT_EQ(facts.name, "bob");
  EXPECT_EQ(facts.key, kKey);
  EXPECT_FALSE(facts.is_text);
  EXPECT_EQ(facts.since, WallTime{seconds{1'795'216'504}});
  EXPECT_TRUE(facts.is_away);
  EXPECT_EQ(facts.away, "lunch\tuntil two");
  EXPECT_EQ(facts.silent_seconds, 90U);
  EXPECT_EQ(facts.programs, 2U);
  EXPECT_THAT(facts.rooms, ElementsAre("lab", "pub"));
  EXPECT_EQ(facts.more_rooms, 3U);
}

TEST(MemberFacts, ATextMemberNeverOwnsItsName) {
  EXPECT_TRUE(read_member_facts("protocol\tnative\nowned\t1").is_owner);
  EXPECT_FALSE(read_member_facts("protocol\tnative").is_owner);
  EXPECT_FALSE(read_member_facts("owned\t1\nprotocol\ttext").is_owner);
}

TEST(MemberFacts, ThatAreNotKnownOrNotPossibleAreLeftOut) {
  const auto facts = read_member_facts(
      "\n\t\nx\ty\nkey\tSHA256:short\nsince\t-1\nsilent\tx\nprograms\t-1\nroom\t\nmore_rooms\tx");
  EXPECT_EQ(facts.key, "");
  EXPECT_EQ(facts.since, std::nullopt);
  EXPECT_FALSE(facts.is_away);
  EXPECT_EQ(facts.silent_seconds, std::nullopt);
  EXPECT_EQ(facts.programs, std::nullopt);
  EXPECT_TRUE(facts.rooms.empty());
  EXPECT_EQ(facts.more_rooms, 0U);
}

TEST(MemberFacts, ATextMemberHasNoKey) {
  const auto facts =
      read_member_facts("key\t" + std::string{kKey} + "\nprotocol\ttext\nname\tbob\naway\t");
  EXPECT_EQ(facts.key, "");
  EXPECT_TRUE(facts.is_text);
  EXPECT_TRUE(facts.is_away);
  EXPECT_EQ(facts.away, "");
}

}  // namespace
}  // namespace chatd::client
