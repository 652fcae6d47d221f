// SPDX-License-Identifier: GPL-3.0-or-later
// How browsers become members, from the code that speaks HTTP to the chat and back.
#include <gmock/gmock.h>

#include "daemon/chat/rules.hpp"
#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using Kind = Refusal::Kind;

using WebEntryTest = MembersFixture;

TEST_F(WebEntryTest, ABrowserEntersAndIsAMember) {
  const auto entered = world_.enter(ada_);
  ASSERT_TRUE(entered && *entered);
  EXPECT_EQ((*entered)->name, "ada");
  EXPECT_FALSE((*entered)->is_again);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada "));
  EXPECT_GE((*entered)->session.slot, world_.view().geometry().first_web_slot());
  EXPECT_TRUE(world_.sessions().is_member(slot_of(ada_), state::SessionKind::web));
  EXPECT_TRUE(world_.members().is_live((*entered)->session));
}

TEST_F(WebEntryTest, ARepeatedEntryIsTheSameSession) {
  (void)world_.enter(ada_);
  const auto first = ada_.entered->session;
  const auto again = world_.enter(ada_);
  EXPECT_EQ((*again)->session, first);
  EXPECT_TRUE((*again)->is_again);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada "));
}

TEST_F(WebEntryTest, AnotherTokenDoesNotGetTheName) {
  (void)world_.enter(ada_);
  auto other = BrowserWorld::page("ada", 2);
  EXPECT_EQ(reason(world_.enter(other)), wire::Reason::name_taken);
}

TEST_F(WebEntryTest, TheNewestPageOfABrowserHasTheSession) {
  (void)world_.enter(ada_);
  (void)world_.say(ada_, 1, "hello");
  auto second = BrowserWorld::page("ada", 1, 2);
  const auto entered = world_.enter(second);
  EXPECT_EQ((*entered)->session.slot, ada_.entered->session.slot);
  EXPECT_EQ((*entered)->uplink, 1U) << "it goes on behind the commands of the other page";
  EXPECT_THAT(world_.ended, ElementsAre(Pair(1, wire::Reason::replaced)));
  EXPECT_EQ(refusal(world_.say(ada_, 2, "not mine"))->kind, Kind::unknown);
  EXPECT_EQ(reason(world_.resume(ada_)), wire::Reason::replaced);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "say ada hello"));
}

TEST_F(WebEntryTest, APageThatEntersUnderAnotherNameLeavesTheOldOne) {
  (void)world_.enter(ada_);
  auto eve = BrowserWorld::page("eve", 1, 2);
  EXPECT_TRUE(*world_.enter(eve));
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "leave ada ", "join eve "));
}

TEST_F(WebEntryTest, APageWhoseNewNameIsTakenKeepsTheOldOne) {
  (void)world_.enter(ada_);
  auto bob = BrowserWorld::page("bob", 2);
  (void)world_.enter(bob);
  auto thief = BrowserWorld::page("bob", 1, 2);
  EXPECT_EQ(reason(world_.enter(thief)), wire::Reason::name_taken);
  EXPECT_TRUE(world_.sessions().find_name("ada"));
}

TEST_F(WebEntryTest, AResumeOfATokenThatNobodyHasIsNoEntry) {
  EXPECT_EQ(reason(world_.resume(ada_)), wire::Reason::no_session);
  EXPECT_THAT(world_.texts(), IsEmpty());
}

TEST_F(WebEntryTest, BrowsersHavePlacesOfTheirOwn) {
  for (int i = 1; i <= 4; ++i) {
    auto page = BrowserWorld::page("page" + std::to_string(i), i);
    EXPECT_TRUE(*world_.enter(page));
  }
  auto fifth = BrowserWorld::page("fifth", 5);
  EXPECT_EQ(reason(world_.enter(fifth)), wire::Reason::room_full);
  EXPECT_EQ(world_.sessions()
                .admit({.name = "eve", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))},
                       world_.now())
                .status,
            chat::AdmissionStatus::admitted);
}

TEST_F(WebEntryTest, ABannedPersonIsRemovedWhenItResumes) {
  (void)world_.enter(ada_);
  (void)world_.chat().rules.add({.kind = state::RuleKind::ban,
                                 .target = state::RuleTarget::person,
                                 .room = state::kDefaultRoom,
                                 .person = world_.sessions().person(slot_of(ada_)),
                                 .name = "ada",
                                 .now = world_.now().wall});
  EXPECT_EQ(reason(world_.resume(ada_)), wire::Reason::banned);
  EXPECT_THAT(world_.ended, ElementsAre(Pair(1, wire::Reason::kicked)));
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::banned);
}

TEST_F(WebEntryTest, ARoomWithAPasswordAsksForIt) {
  world_.password.emplace();
  world_.password->bytes()[0] = std::byte{5};
  world_.replace_gateway();
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::password_wanted);
  ada_.entry.password.emplace();
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::wrong_password);
  (*ada_.entry.password)[0] = std::byte{5};
  EXPECT_TRUE(*world_.enter(ada_));
}

// So web calculates no key for somebody who may not enter in any case.
TEST(WebEntryByInvitation, APersonWithoutAnInvitationIsNotAskedForAPassword) {
  config::Config config = BrowserWorld::quick_config();
  config.server.door = config::WhoEnters::invited;
  BrowserWorld world{config};
  world.password.emplace();
  world.replace_gateway();
  auto ada = BrowserWorld::page("ada", 1);
  const auto refused = world.enter(ada);
  ASSERT_TRUE(refused && !*refused);
  EXPECT_EQ(refused->error().reason, wire::Reason::not_invited);
  ada.entry.code = "no code";
  const auto wrong = world.enter(ada);
  ASSERT_TRUE(wrong && !*wrong);
  EXPECT_EQ(wrong->error().reason, wire::Reason::code_refused);
}

TEST_F(WebEntryTest, EntriesAreLimitedByNetworkAlsoOnThisMachine) {
  ada_.entry.address = parse_address("127.0.0.1").value();
  int granted = 0;
  while (granted < 1000 && *world_.enter(ada_)) ++granted;
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::busy);
  EXPECT_LT(granted, 1000);
}

// Each entry under another name is another session with the identity of the token.
TEST_F(WebEntryTest, ATokenIsFoundAgainAfterItsSessionHasChangedItsPlace) {
  for (const char* name : {"ada", "eve", "ada", "may"}) {
    ada_ = BrowserWorld::page(name, 1);
    ASSERT_TRUE(*world_.enter(ada_)) << name;
    auto bob = BrowserWorld::page("bob", 2);
    ASSERT_TRUE(*world_.enter(bob));
    ASSERT_TRUE(*world_.resume(ada_)) << name;
    ASSERT_TRUE(*world_.resume(bob));
    EXPECT_EQ(world_.sessions().all(state::SessionKind::web).size(), 2U);
  }
}

TEST_F(WebEntryTest, ATokenAndAKeyOfTheSameBytesAreTwoPersons) {
  const auto& persons = world_.sessions().persons();
  state::Identity key{};
  key.fill(std::byte{1});
  EXPECT_NE(persons.of_native(persons.of_token(key, false)), persons.of_native(key));
  EXPECT_NE(persons.of_token(key, false), persons.of_token(key, true));
}

}  // namespace
}  // namespace chatd::web
