// SPDX-License-Identifier: GPL-3.0-or-later
// Rules are listed, and found and removed by their numbers and targets.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/control_fixture.hpp"

namespace chatd::gateway {
namespace {

using chat::Slot;
using state::RuleKind;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using ControlRulesLiftTest = ControlRulesFixture;

TEST_F(ControlRulesLiftTest, ABanIsRemovedByItsNumberOrItsTarget) {
  login("ada", "192.0.2.1");
  const auto made = ban({"ada"}).value().rules.at(0);
  EXPECT_EQ(lift(RuleKind::mute, {std::to_string(made.id)}).error().code, wire::code::kNotFound);
  EXPECT_EQ(lift(RuleKind::ban, {"eve"}).error().code, wire::code::kNotFound);
  const auto lifted = lift(RuleKind::ban, {std::to_string(made.id)}).value();
  ASSERT_THAT(lifted.rules, SizeIs(1));
  EXPECT_EQ(lifted.rules[0].target, "ada");
  EXPECT_THAT(all(), IsEmpty());
  ASSERT_TRUE(ban({"10.1.2.0/24"}));
  EXPECT_TRUE(lift(RuleKind::ban, {"10.1.2.0/24"}));
  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(ControlRulesLiftTest, AnUnbanOfATextMembersNameRemovesTheRuleOfItsAddressToo) {
  login_text("bob", "192.0.2.1");
  ASSERT_TRUE(ban({"bob"}));
  EXPECT_THAT(lift(RuleKind::ban, {"BOB"}).value().rules, SizeIs(2));
  EXPECT_THAT(all(), IsEmpty());
  login_text("bob", "192.0.2.1");
}

TEST_F(ControlRulesLiftTest, ANameOfDigitsIsFoundIfNoRuleHasThatNumber) {
  ASSERT_TRUE(ban({"4711"}));
  EXPECT_EQ(lift(RuleKind::ban, {"4711"}).value().rules.at(0).target, "4711");
}

TEST_F(ControlRulesLiftTest, ANumberIsThatOfARuleOfTheRoom) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const std::string id = std::to_string(ban({"eve"}).value().rules.at(0).id);
  EXPECT_EQ(lift(RuleKind::ban, {id, "lab"}).error().code, wire::code::kNotFound);
  EXPECT_THAT(all(), SizeIs(1));
  ASSERT_TRUE(ban({"bob", "", "", "", "", "", "", "lab"}));
  EXPECT_TRUE(lift(RuleKind::ban, {std::to_string(all("lab").at(0).id), "lab"}));
  EXPECT_TRUE(lift(RuleKind::ban, {id}));
}

TEST_F(ControlRulesLiftTest, ARuleThatIsNotFoundIsRefusedWithTheCommandThatWouldBeRight) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const std::string mute = std::to_string(place(RuleKind::mute, {"eve"}).value().rules.at(0).id);
  EXPECT_EQ(lift(RuleKind::ban, {mute}).error().message,
            "there is no ban of " + mute + " in the whole server; " + mute +
                " is the number of a mute in the whole server: chatctl unmute " + mute);
  ASSERT_TRUE(ban({"bob", "", "", "", "", "", "", "lab"}));
  EXPECT_EQ(lift(RuleKind::ban, {"BOB"}).error().message,
            "there is no ban of BOB in the whole server, but one in #lab: chatctl unban BOB "
            "--room lab");
  const std::string in_lab = std::to_string(all("lab").at(0).id);
  ASSERT_TRUE(chat().rooms.make_kept("art", now()));
  EXPECT_THAT(lift(RuleKind::ban, {in_lab, "art"}).error().message,
              EndsWith(in_lab + " is the number of a ban in #lab: chatctl unban " + in_lab));
  EXPECT_EQ(lift(RuleKind::ban, {"bob", "art"}).error().message,
            "there is no ban of bob in #art; chatctl bans shows all");
}

TEST_F(ControlRulesLiftTest, TheNumberOfARoleIsThatOfNoBan) {
  make(login("ada"), "lab");  // its first rule: ada is its owner
  EXPECT_EQ(lift(RuleKind::ban, {"1"}).error().message,
            "there is no ban of 1 in the whole server; chatctl bans shows all");
}

TEST_F(ControlRulesLiftTest, ANumberRemovesOnlyThatRuleOfSeveralForOneName) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  for (int i = 0; i < 2; ++i) {
    const Slot bob = login("bob", "192.0.2.1");
    ASSERT_TRUE(ban({"bob", "", "", "", "", "", "", "lab"}));
    quit(bob);
  }
  const auto both = all("lab");
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_THAT(lift(RuleKind::ban, {std::to_string(both[0].id)}).value().rules, SizeIs(1));
  ASSERT_THAT(all("lab"), SizeIs(1));
  EXPECT_EQ(all("lab")[0].id, both[1].id);
  EXPECT_TRUE(lift(RuleKind::ban, {std::to_string(both[1].id)}));
}

TEST_F(ControlRulesLiftTest, RulesOfOneRoomAreListedAlone) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  login("bob", "192.0.2.2");
  ASSERT_TRUE(ban({"eve"}));
  ASSERT_TRUE(place(RuleKind::mute, {"bob", "", "", "", "", "", "lab"}));
  EXPECT_THAT(all(), SizeIs(2));
  ASSERT_THAT(all("lab"), SizeIs(1));
  EXPECT_EQ(all("lab")[0].target, "bob");
  ASSERT_THAT(all("chat"), SizeIs(1));
  EXPECT_EQ(all("chat")[0].target, "eve");
}

TEST_F(ControlRulesLiftTest, TheRulesOfAllRoomsAreListedByTheirNumbers) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  ASSERT_TRUE(chat().rooms.make_kept("art", now()));
  for (const char* const room : {"art", "", "lab", "art"}) {
    const std::string target = "eve" + std::to_string(all().size());
    const control::Args args{target, "", "", "", "", "", "", room};
    ASSERT_TRUE(*room == '\0' ? ban({target}) : ban(args)) << room;
  }
  std::vector<std::string> shown;
  for (const auto& rule : all()) shown.push_back(rule.target + " in " + rule.room);
  EXPECT_THAT(shown, ElementsAre("eve0 in art", "eve1 in ", "eve2 in lab", "eve3 in art"));
}

}  // namespace
}  // namespace chatd::gateway
