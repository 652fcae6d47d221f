// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/room_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RoomFacts, AreReadFromTheListOfTheServer) {
  const RoomFacts facts = read_facts(
      "topic\ttea\tand "
      "cake\ntopic_by\tada\ntopic_"
      "set\t1795216504000000\nmade\t1795216504000000\nmembers\t12\nowner\tada\n"
      "owner\tbob\nmoderator\tcyd\ninvited\t1\nhidden\t0\nlecture\t1\nslow\t30\nhistory\toff\n"
      "ban\t7\tmallory\t1795216504000000\tada\tnoise\tand "
      "more\nmute\t8\ttrudy\t0\t\t\ninvitation\t9\teve\t0\tada\t");
  EXPECT_EQ(facts.topic, "tea\tand cake");
  EXPECT_EQ(facts.topic_by, "ada");
  EXPECT_EQ(facts.topic_set, WallTime{Micros{1'795'216'504'000'000}});
  EXPECT_EQ(facts.made, WallTime{Micros{1'795'216'504'000'000}});
  EXPECT_EQ(facts.members, 12U);
  EXPECT_THAT(facts.owners, ElementsAre("ada", "bob"));
  EXPECT_THAT(facts.moderators, ElementsAre("cyd"));
  EXPECT_TRUE(facts.is_invited && facts.is_lecture);
  EXPECT_FALSE(facts.is_hidden);
  EXPECT_EQ(facts.slow_seconds, 30U);
  EXPECT_EQ(facts.history, kHistoryOff);
  ASSERT_EQ(facts.rules.size(), 3U);
  const auto& ban = facts.rules[0];
  EXPECT_EQ(ban.action, ModerateAction::ban);
  EXPECT_EQ(ban.id, 7U);
  EXPECT_EQ(ban.name, "mallory");
  EXPECT_EQ(ban.until, WallTime{Micros{1'795'216'504'000'000}});
  EXPECT_EQ(ban.by, "ada");
  EXPECT_EQ(ban.reason, "noise\tand more");
  const auto& mute = facts.rules[1];
  EXPECT_EQ(mute.action, ModerateAction::mute);
  EXPECT_FALSE(mute.until);
  EXPECT_EQ(mute.by + mute.reason, "");
  EXPECT_EQ(facts.rules[2].action, ModerateAction::invite);
}

TEST(RoomFacts, LeaveOutWhatIsNotKnownOrNotPossible) {
  const RoomFacts facts = read_facts(
      "\n\t\nfuture\tx\nowner\nmoderator\t\nmembers\t99999999999999999999999\nmade\t-5\nslow\t3x\n"
      "hidden\tyes\nban\nban\tx\nmute\t4294967296\tbob\tnever\n");
  EXPECT_THAT(facts.owners, IsEmpty());
  EXPECT_THAT(facts.moderators, IsEmpty());
  EXPECT_EQ(facts.members, 0U);
  EXPECT_FALSE(facts.made);
  EXPECT_EQ(facts.slow_seconds, 0U);
  EXPECT_FALSE(facts.is_hidden);
  ASSERT_EQ(facts.rules.size(), 1U);
  EXPECT_EQ(facts.rules[0].name, "bob");
  EXPECT_EQ(facts.rules[0].id, 0U);
}

TEST(RoomFacts, HaveNoTimeThatIsNotPossible) {
  for (const char* time :
       {"", "never", "-5", "9223372036854775807", "18446744073709551616", "253402300800000000"}) {
    const RoomFacts facts = read_facts(std::string{"made\t"} + time + "\nban\t7\tbob\t" + time);
    EXPECT_FALSE(facts.made) << time;
    EXPECT_EQ(facts.rules.at(0).until, WallTime{}) << time << ": not a ban without end";
  }
  const RoomFacts last = read_facts("made\t253402300799999999\nban\t7\tbob\t253402300799999999");
  EXPECT_TRUE(last.made);
  EXPECT_EQ(last.rules.at(0).until, last.made);
}

}  // namespace
}  // namespace chatd::wire
