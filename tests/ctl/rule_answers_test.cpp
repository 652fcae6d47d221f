// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about bans, mutes and the properties of rooms, by the real program against a scripted
// daemon.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"
#include "tests/ctl/answers_fixture.hpp"

namespace chatd::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using RuleAnswersTest = AnswersFixture;

TEST_F(RuleAnswersTest, TheOptionsOfABanAreArgumentsInTheirOrder) {
  result_ = wire::to_json(wire::PlacedReport{
      .rules = {
          {.id = 3, .kind = "ban", .by_what = "key", .target = "bob", .undo = "chatctl unban 3"}}});
  EXPECT_THAT(ask({"ban", "bob"}).out, StartsWith("banned the key bob, without end\n"));
  EXPECT_EQ(ask({"ban", "bob", "--reason", "far too loud", "--for=2h"}).status, 0);
  EXPECT_EQ(ask({"mute", "--dry-run", "bob"}).status, 0);
  EXPECT_EQ(ask({"ban", "bob", "--room", "lab"}).status, 0);
  EXPECT_EQ(ask({"ban", "bob", "--json"}).out, result_as_json());
  EXPECT_THAT(
      daemon_.requests(),
      ElementsAre(request("ban", R"("bob")"), request("ban", R"("bob","2h","far too loud")"),
                  request("mute", R"("bob","","","","yes")"),
                  request("ban", R"("bob","","","","","","","lab")"), request("ban", R"("bob")")));
}

TEST_F(RuleAnswersTest, AChangeThatIsNotOnDiskIsShownAndFails) {
  const wire::RuleRow rule{.id = 3, .kind = "ban", .by_what = "key", .target = "bob"};
  result_ = wire::to_json(wire::PlacedReport{.rules = {rule}, .is_saved = true});
  EXPECT_EQ(ask({"ban", "bob"}).status, 0);
  result_ = wire::to_json(
      wire::PlacedReport{.rules = {rule}, .is_saved = false, .save_problem = "the disk is full"});
  const Outcome shown = ask({"ban", "bob"});
  EXPECT_THAT(shown.out, StartsWith("banned the key bob, without end\n"));
  EXPECT_EQ(shown.err, "chatctl: in force, but not on disk: the disk is full\n");
  EXPECT_EQ(shown.status, 1);
  const Outcome as_json = ask({"ban", "bob", "--json"});
  EXPECT_THAT(as_json.out, StartsWith(result_as_json()));
  EXPECT_EQ(as_json.status, 1);
  result_ = wire::to_json(wire::MadeRoomReport{
      .name = "lab", .is_saved = false, .save_problem = "the archive is not running"});
  EXPECT_EQ(ask({"room", "make", "lab"}).err,
            "chatctl: in force, but not on disk: the archive is not running\n");
}

TEST_F(RuleAnswersTest, BansAreListedAndRemoved) {
  const wire::RuleRow rule{
      .id = 3, .kind = "ban", .by_what = "key", .target = "bob", .undo = "chatctl unban 3"};
  result_ = wire::to_json(wire::RulesReport{{rule}});
  EXPECT_THAT(ask({"bans"}).out, HasSubstr("chatctl unban 3\n\n1 rule\n"));
  EXPECT_EQ(ask({"bans", "--json", "--room=lab"}).out, result_as_json());
  EXPECT_EQ(ask({"unban", "3"}).out, "unbanned the key bob\n");
  EXPECT_EQ(ask({"unmute", "bob", "--room", "lab"}).status, 0);
  EXPECT_THAT(daemon_.requests(),
              ElementsAre(request("bans"), request("bans", R"("lab")"), request("unban", R"("3")"),
                          request("unmute", R"("bob","lab")")));
}

TEST_F(RuleAnswersTest, ARoomIsRenamedAndItsPropertiesAndRolesChange) {
  result_ = R"({"from":"lab","to":"art","room":"lab","property":"topic","value":"a b"})";
  EXPECT_EQ(ask({"room", "rename", "lab", "art"}).out, "#lab is #art now\n");
  EXPECT_EQ(ask({"room", "set", "lab", "topic", "a", "b"}).out, "topic of #lab is now: a b\n");
  result_ = R"({"room":"lab","name":"ada","role":"owner"})";
  EXPECT_EQ(ask({"room", "owner", "lab", "ada"}).out, "ada is an owner of #lab now\n");
  EXPECT_EQ(ask({"room", "moderator", "lab", "ada", "--remove"}).status, 0);
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("room rename", R"("lab","art")"),
                                              request("room set", R"("lab","topic","a b")"),
                                              request("room owner", R"("lab","ada")"),
                                              request("room moderator", R"("lab","ada","yes")")));
}

TEST_F(RuleAnswersTest, AnOptionOfAnotherVerbIsRefused) {
  const Outcome shown = ask({"kick", "bob", "--for=1h"});
  EXPECT_EQ(shown.status, 2);
  EXPECT_THAT(shown.err, StartsWith("chatctl: --for goes with ban, mute and invite\n"));
  EXPECT_THAT(ask({"ban", "bob", "--remove"}).err,
              StartsWith("chatctl: --remove goes with room owner and room moderator\n"));
  EXPECT_TRUE(daemon_.requests().empty());
}

}  // namespace
}  // namespace chatd::ctl
