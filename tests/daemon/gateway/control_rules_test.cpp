// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rules.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/gateway/control_answers.hpp"
#include "tests/daemon/gateway/control_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using chat::Slot;
using state::RuleKind;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

using ControlRulesTest = ControlRulesFixture;

TEST_F(ControlRulesTest, ABanOfANativeMemberRemovesItAndItsKey) {
  login("Ada", "192.0.2.1");
  login("bob", "192.0.2.1");
  const auto report = ban({"ADA", "", "noise", "third time"}).value();
  EXPECT_FALSE(report.is_dry_run);
  ASSERT_THAT(report.rules, SizeIs(1));
  const wire::RuleRow& rule = report.rules[0];
  EXPECT_EQ(rule.kind, "ban");
  EXPECT_EQ(rule.by_what, "key");
  EXPECT_EQ(rule.target, "Ada");
  EXPECT_EQ(rule.until, "");
  EXPECT_EQ(rule.reason, "noise");
  EXPECT_EQ(rule.note, "third time");
  EXPECT_EQ(rule.undo, "chatctl unban " + std::to_string(rule.id));
  ASSERT_THAT(report.hit, SizeIs(1));
  EXPECT_EQ(report.hit[0].name, "Ada");
  EXPECT_EQ(report.hit[0].address, "192.0.2.1:5001");
  EXPECT_FALSE(is_in("ada"));
  EXPECT_TRUE(is_in("bob"));
  EXPECT_THAT(told_, ElementsAre("banned: noise"));
}

TEST_F(ControlRulesTest, ABanOfATextMemberIsForItsNameAndForAnHourForItsAddress) {
  login_text("bob", "192.0.2.1");
  const auto report = ban({"bob", "7d"}).value();
  ASSERT_THAT(report.rules, SizeIs(2));
  EXPECT_EQ(report.rules[0].by_what, "name");
  EXPECT_EQ(report.rules[1].by_what, "network");
  EXPECT_EQ(report.rules[1].target, "192.0.2.1");
  EXPECT_EQ(report.rules[0].until, to_rfc3339(report.rules[0].made + hours{7 * 24}));
  EXPECT_EQ(report.rules[1].until, to_rfc3339(report.rules[1].made + hours{1}));
  EXPECT_THAT(report.hit, SizeIs(1)) << "it is one session";
  EXPECT_THAT(told_, ElementsAre(StartsWith("banned until ")));
}

TEST_F(ControlRulesTest, ATimeShorterThanAnHourIsThatOfTheAddressToo) {
  login_text("bob", "192.0.2.1");
  const auto report = ban({"bob", "10m"}).value();
  ASSERT_THAT(report.rules, SizeIs(2));
  EXPECT_EQ(report.rules[1].until, report.rules[0].until);
}

TEST_F(ControlRulesTest, ANetworkRemovesAllSessionsOfItButThoseOfThisMachine) {
  login("ada", "10.1.2.3");
  login_text("bob", "10.1.2.4");
  login("cyd", "10.1.3.1");
  login("dan", "127.0.0.1");
  const auto report = ban({"10.1.2.0/24"}).value();
  ASSERT_THAT(report.rules, SizeIs(1));
  EXPECT_EQ(report.rules[0].target, "10.1.2.0/24");
  EXPECT_THAT(report.hit, SizeIs(2));
  EXPECT_FALSE(is_in("ada") || is_in("bob"));
  EXPECT_TRUE(is_in("cyd") && is_in("dan"));
}

TEST_F(ControlRulesTest, AMuteRemovesNoMember) {
  login("ada", "192.0.2.1");
  const auto report = place(RuleKind::mute, {"ada", "10m"}).value();
  EXPECT_EQ(report.rules.at(0).kind, "mute");
  EXPECT_THAT(report.hit, SizeIs(1));
  EXPECT_TRUE(is_in("ada"));
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(ControlRulesTest, ADryRunChangesNothingAndNeedsNoYes) {
  login("ada", "10.1.2.3");
  const auto report = ban({"10.0.0.0/8", "1h", "", "", "yes"}).value();
  EXPECT_TRUE(report.is_dry_run);
  ASSERT_THAT(report.rules, SizeIs(1));
  EXPECT_EQ(report.rules[0].id, 0U);
  EXPECT_EQ(report.rules[0].target, "10.0.0.0/8");
  EXPECT_EQ(report.rules[0].undo, "");
  EXPECT_THAT(report.hit, SizeIs(1));
  EXPECT_TRUE(is_in("ada"));
  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(ControlRulesTest, WideNetworksNeedYes) {
  for (const char* const wide : {"10.0.0.0/15", "2001:d00::/24"}) {
    const auto refused = ban({wide});
    EXPECT_EQ(refused.error().code, wire::code::kTooWide) << wide;
    EXPECT_THAT(refused.error().message, HasSubstr("--yes"));
  }
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_TRUE(ban({"10.1.0.0/16"}));
  EXPECT_TRUE(ban({"10.0.0.0/15", "", "", "", "", "yes"}));
}

TEST_F(ControlRulesTest, MoreThanThreeAndAQuarterOfTheMembersNeedYes) {
  for (int i = 0; i < 4; ++i) login("member" + std::to_string(i), "10.1.2.3");
  for (int i = 0; i < 11; ++i) login("other" + std::to_string(i), "192.0.2." + std::to_string(i));
  EXPECT_EQ(ban({"10.1.2.3"}).error().code, wire::code::kTooWide);
  EXPECT_THAT(ban({"10.1.2.3"}).error().message, HasSubstr("hits 4 of 15 members"));
  login("one_more", "192.0.2.99");  // 4 of 16
  EXPECT_TRUE(ban({"10.1.2.3"}));
}

TEST_F(ControlRulesTest, AMemberWithSeveralProgramsCountsOnce) {
  const state::Identity key{std::byte{99}};
  for (int i = 0; i < 4; ++i) login("ada", "10.1.2.3", key);
  login("bob", "192.0.2.1");
  EXPECT_THAT(ban({"ada", "", "", "", "dry-run"}).value().hit, SizeIs(4)) << "each session";
  EXPECT_TRUE(ban({"ada"}));
  EXPECT_THAT(told_, SizeIs(4));
  EXPECT_FALSE(is_in("ada"));
}

TEST_F(ControlRulesTest, ThreeMembersNeedNoYes) {
  for (int i = 0; i < 3; ++i) login("member" + std::to_string(i), "10.1.2.3");
  EXPECT_TRUE(ban({"10.1.2.3"}));
}

TEST_F(ControlRulesTest, WrongTimesAndTextsAreRefused) {
  for (const char* const time : {"0s", "x", "-1h", "1w", "100", "4000d", "99999999999999999999d"}) {
    EXPECT_EQ(ban({"eve", time}).error().code, wire::code::kUsage) << time;
  }
  EXPECT_EQ(ban({"eve", "", std::string(121, 'x')}).error().code, wire::code::kTooLong);
  EXPECT_EQ(ban({"eve", "", "", std::string(121, 'x')}).error().code, wire::code::kTooLong);
  EXPECT_TRUE(ban({"eve", "30s", std::string(120, 'x'), std::string(120, 'y')}));
  EXPECT_EQ(ban({"eve", "", "two\nlines"}).value().rules.at(0).reason, "two lines");
}

TEST_F(ControlRulesTest, ASecondBanOfATargetTakesThePlaceOfTheFirst) {
  ASSERT_TRUE(ban({"eve", "1h"}));
  ASSERT_TRUE(ban({"EVE", "", "again"}));
  const auto rules = all();
  ASSERT_THAT(rules, SizeIs(1));
  EXPECT_EQ(rules[0].until, "");
  EXPECT_EQ(rules[0].reason, "again");
}

TEST_F(ControlRulesTest, ABanIsNotLostWhenItsReplacementHasNoSpace) {
  ASSERT_TRUE(ban({"bob", "1h", "first"}));
  for (std::uint32_t i = 1; i < state::kRestrictionRows; ++i) {
    const auto added = chat().rules.add({.kind = RuleKind::mute,
                                         .target = state::RuleTarget::name,
                                         .name = "x" + std::to_string(i),
                                         .now = now().wall});
    ASSERT_TRUE(added) << i;
  }
  chat().rules.remove(chat().rules.find_id(state::RuleId{1}).value());
  login_text("bob", "192.0.2.1");
  ASSERT_TRUE(chat().rules.add({.kind = RuleKind::ban,
                                .target = state::RuleTarget::name,
                                .name = "bob",
                                .reason = "first",
                                .now = now().wall}));
  EXPECT_FALSE(ban({"bob", "2h", "second"})) << "there is no row for its address";
  const auto rules = all();
  const auto bob = std::ranges::find(rules, "bob", &wire::RuleRow::target);
  ASSERT_NE(bob, rules.end());
  EXPECT_EQ(bob->reason, "first");
}

TEST_F(ControlRulesTest, AnAddressThatIsAlsoTheNameOfAMemberIsRefused) {
  login("10.1.2.3", "192.0.2.1");
  const auto refused = ban({"10.1.2.3"});
  EXPECT_EQ(refused.error().code, wire::code::kUsage);
  EXPECT_THAT(refused.error().message, HasSubstr("also the name of a member"));
  EXPECT_EQ(ban({"10.1.2.3/32"}).value().rules.at(0).target, "10.1.2.3");
  EXPECT_TRUE(lift(RuleKind::ban, {"10.1.2.3"}));
}

TEST_F(ControlRulesTest, ASweepRemovesTheMembersThatABanHits) {
  login("ada", "192.0.2.1");
  chat().rules.add({.kind = RuleKind::ban,
                    .target = state::RuleTarget::name,
                    .name = "ada",
                    .reason = "noise",
                    .now = now().wall});
  EXPECT_EQ(rules().sweep(control_now()), 1U);
  EXPECT_FALSE(is_in("ada"));
  EXPECT_THAT(told_, ElementsAre("banned: noise"));
  EXPECT_EQ(all().at(0).hits, 1U);
  EXPECT_EQ(rules().sweep(control_now()), 0U);
}

TEST_F(ControlRulesTest, ABanOfTheServerEndsAllProgramsOfThePerson) {
  const Slot first = login("ada", "192.0.2.1");
  const state::Identity key = sessions().identity(first);
  const Slot second = login("ada", "192.0.2.2", key);
  const Slot third = login("ada2", "192.0.2.3", key);
  login("bob", "192.0.2.1");
  ASSERT_NE(second, first);
  EXPECT_THAT(ban({"ada"}).value().hit, SizeIs(3));
  for (const Slot program : {first, second, third}) EXPECT_FALSE(sessions().is_member(program));
  EXPECT_THAT(told_, ElementsAre("banned", "banned", "banned"));
  EXPECT_TRUE(is_in("bob"));
}

// --- rooms -------------------------------------------------------------------------

TEST_F(ControlRulesTest, ABanInARoomRemovesTheMemberFromThatRoomOnly) {
  const Slot ada = login("ada", "192.0.2.1");
  const auto lab = make(ada, "lab");
  const Slot bob = login("bob", "192.0.2.2");
  ASSERT_TRUE(join(bob, "lab"));
  const auto report = ban({"bob", "1h", "noise", "", "", "", "", "#lab"}).value();
  ASSERT_THAT(report.rules, SizeIs(1));
  EXPECT_EQ(report.rules[0].room, "lab");
  EXPECT_EQ(report.rules[0].target, "bob");
  EXPECT_THAT(report.hit, SizeIs(1));
  EXPECT_TRUE(is_in("bob"));
  EXPECT_FALSE(chat().rooms.find(bob, lab.id));
  EXPECT_FALSE(join(bob, "lab"));
  EXPECT_EQ(lift(RuleKind::ban, {"bob"}).error().code, wire::code::kNotFound);
  EXPECT_TRUE(lift(RuleKind::ban, {"bob", "lab"}));
  EXPECT_TRUE(join(bob, "lab"));
}

TEST_F(ControlRulesTest, ARoomHasNoRulesOfNetworksAndNoNotes) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  EXPECT_EQ(ban({"10.1.2.3", "", "", "", "", "", "", "lab"}).error().code, wire::code::kUsage);
  EXPECT_EQ(ban({"eve", "", "", "note", "", "", "", "lab"}).error().code, wire::code::kUsage);
  EXPECT_EQ(ban({"eve", "", "", "", "", "", "", "no"}).error().code, wire::code::kNotFound);
  EXPECT_THAT(ban({"eve", "", "", "", "", "", "", "chat"}).error().message,
              HasSubstr("leave --room out"));
}

TEST_F(ControlRulesTest, AMemberThatIsAwayIsBannedInARoomByTheKeyThatARuleKnows) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const Slot bob = login("bob", "192.0.2.1");
  ASSERT_TRUE(place(RuleKind::mute, {"bob", "", "", "", "", "", "lab"}));
  quit(bob);
  const auto dry = ban({"bob", "", "", "", "yes", "", "", "lab"}).value();
  const auto made = ban({"bob", "1h", "", "", "", "", "", "lab"}).value();
  ASSERT_THAT(made.rules, SizeIs(1));
  EXPECT_EQ(made.rules[0].by_what, "key");
  EXPECT_EQ(dry.rules.at(0).by_what, "key");
}

TEST_F(ControlRulesTest, EachChangeIsLoggedButNoDryRun) {
  const test::LogLines lines;
  ASSERT_TRUE(ban({"eve", "1h", "noise"}));
  ASSERT_TRUE(lift(RuleKind::ban, {"eve"}));
  ASSERT_TRUE(ban({"eve", "", "", "", "yes"}));
  ASSERT_THAT(lines.all(), SizeIs(2));
  EXPECT_EQ(lines.all()[0].field("CHATD_EVENT"), "ban");
  EXPECT_EQ(lines.all()[0].field("CHATD_BY"), "1000");
  EXPECT_EQ(lines.all()[1].field("CHATD_EVENT"), "unban");
  EXPECT_EQ(lines.all()[1].field("CHATD_RULE"), lines.all()[0].field("CHATD_RULE"));
}

}  // namespace
}  // namespace chatd::gateway
