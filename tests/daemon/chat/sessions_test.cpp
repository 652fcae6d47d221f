// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/sessions.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using state::RecordKind;
using state::SessionPhase;
using ::testing::ElementsAre;
using wire::Reason;
using Counters = state::GatewayCounters;
using Status = Sessions::Status;

class SessionsTest : public ChatFixture {
 protected:
  // The reason of a refusal; fails the test when there is none.
  Reason refusal(std::string_view peer, std::string_view name) {
    const auto outcome = login(peer, name);
    EXPECT_EQ(outcome.status, Status::refused) << name;
    return outcome.reason;
  }
};

TEST_F(SessionsTest, AMemberEntersInTwoSteps) {
  const auto outcome = login(kAda, "ada");
  ASSERT_EQ(outcome.status, Status::admitted);
  EXPECT_EQ(sessions().session(outcome.slot).phase.load(), SessionPhase::joining);
  EXPECT_EQ(state_.active()[0].load(), 0U);
  sessions().settle();
  EXPECT_EQ(sessions().session(outcome.slot).phase.load(), SessionPhase::active);
  EXPECT_EQ(state_.active()[0].load(), 1U << outcome.slot);
  EXPECT_EQ(sessions().find(test::endpoint(kAda)), outcome.slot);
  EXPECT_EQ(sessions().find_name("ADA"), outcome.slot);
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].kind, RecordKind::join);
  EXPECT_EQ(records()[0].name, "ada");
  EXPECT_EQ(figure(&Counters::joins), 1U);
  EXPECT_EQ(figure(&Counters::sessions_now), 1U);
}

TEST_F(SessionsTest, ARepeatedLoginIsNoNewSession) {
  const Slot ada = enter(kAda, "ada");
  for (const std::string_view name : {"ada", "Ada"}) {
    const auto again = login(kAda, name);
    EXPECT_EQ(again.status, Status::again);
    EXPECT_EQ(again.slot, ada);
  }
  EXPECT_EQ(records().size(), 1U);
  EXPECT_EQ(figure(&Counters::joins), 1U);
}

TEST_F(SessionsTest, ASecondNameFromOneAddressIsRefused) {
  enter(kAda, "ada");
  enter(kBob, "bob");
  EXPECT_EQ(refusal(kAda, "eve"), Reason::already_named);
  EXPECT_EQ(refusal(kAda, "bob"), Reason::already_named);
  EXPECT_EQ(refusal(kAda, "two words"), Reason::already_named);
  EXPECT_EQ(sessions().name(*sessions().find(test::endpoint(kAda))), "ada");
}

TEST_F(SessionsTest, NamesAreUniqueByFolding) {
  enter(kAda, "Zo\u00eb");
  EXPECT_EQ(refusal(kBob, "Zo\u00eb"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "ZO\u00cb"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "zoe\u0308"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "\uff3ao\u00eb"), Reason::name_taken);  // a full-width Z
  EXPECT_EQ(login(kBob, "zoe").status, Status::admitted);
}

TEST_F(SessionsTest, NamesOfTheServerAndImpossibleNamesAreRefused) {
  for (const std::string_view name : {"admin", "Admin", "ADMINISTRATOR", "server", "管理员"}) {
    EXPECT_EQ(refusal(kAda, name), Reason::name_reserved) << name;
  }
  EXPECT_EQ(refusal(kAda, ""), Reason::name_empty);
  EXPECT_EQ(refusal(kAda, "a b"), Reason::name_has_space);
  EXPECT_EQ(refusal(kAda, "\xff\xfe"), Reason::name_not_utf8);
  EXPECT_EQ(refusal(kAda, std::string(33, 'x')), Reason::name_too_long);
  EXPECT_EQ(figure(&Counters::logins_refused), 9U);
  EXPECT_TRUE(records().empty());
  EXPECT_EQ(login(kAda, "ada").status, Status::admitted);  // a refusal leaves it free
}

TEST_F(SessionsTest, TheRoomAndAnAddressCanBeFull) {
  config_.limits.sessions_per_address = 2;
  enter("127.0.0.1:1", "a1");
  enter("127.0.0.1:2", "a2");
  EXPECT_EQ(refusal("127.0.0.1:3", "a3"), Reason::address_full);
  for (int i = 0; i < 6; ++i) enter("127.0.1." + std::to_string(i) + ":1", "b" + std::to_string(i));
  EXPECT_EQ(refusal("127.0.2.1:1", "c"), Reason::room_full);
  EXPECT_EQ(figure(&Counters::sessions_now), 8U);

  sessions().remove(*sessions().find_name("a1"), LeaveKind::quit, {}, now());
  sessions().settle();
  EXPECT_EQ(login("127.0.0.1:3", "a3").status, Status::admitted);
  EXPECT_EQ(figure(&Counters::sessions_peak), 8U);
}

TEST_F(SessionsTest, TextSessionsOfOtherMachinesTakeHalfOfTheRoom) {
  for (int i = 0; i < 4; ++i) enter("192.0.2." + std::to_string(i) + ":1", "r" + std::to_string(i));
  EXPECT_EQ(refusal("192.0.2.9:1", "more"), Reason::room_full);
  for (int i = 0; i < 4; ++i) enter("127.0.0.1:" + std::to_string(i), "l" + std::to_string(i));
  EXPECT_EQ(refusal("127.0.0.1:9", "more"), Reason::room_full);
}

TEST_F(SessionsTest, ASessionOfAnotherMachineIsUnprovedUntilItIsHeardLater) {
  const Slot local = enter("127.0.0.1:1", "local");
  const Slot far = enter("192.0.2.1:1", "far");
  EXPECT_EQ(sessions().session(local).delivery.unproved, 0U);
  EXPECT_EQ(sessions().session(far).delivery.unproved, 1U);
  say(far, "at once");
  EXPECT_EQ(sessions().session(far).delivery.unproved, 1U);
  wait(Unproved::kProof);
  say(far, "later");
  EXPECT_EQ(sessions().session(far).delivery.unproved, 0U);
  EXPECT_EQ(sessions().session(far).delivery.peer, test::endpoint("192.0.2.1:1"));
  EXPECT_THAT(said(), ElementsAre("far: at once", "far: later"));
}

TEST_F(SessionsTest, AMemberLeavesInTwoSteps) {
  const Slot ada = enter(kAda, "ada");
  sessions().remove(ada, LeaveKind::quit, {}, now());
  EXPECT_EQ(sessions().name(ada), "ada");  // for its EXIT
  EXPECT_EQ(sessions().session(ada).phase.load(), SessionPhase::leaving);
  EXPECT_FALSE(sessions().find(test::endpoint(kAda)));
  EXPECT_FALSE(sessions().find_name("ada"));
  EXPECT_EQ(state_.active()[0].load(), 0U);
  sessions().settle();
  EXPECT_EQ(sessions().session(ada).phase.load(), SessionPhase::free);
  EXPECT_EQ(records().back().kind, RecordKind::leave);
  EXPECT_EQ(figure(&Counters::leaves), 1U);
  EXPECT_EQ(figure(&Counters::sessions_now), 0U);
}

TEST_F(SessionsTest, JoinLeaveAndJoinInOneBatchIsOneSession) {
  const auto first = login(kAda, "ada");
  sessions().remove(first.slot, LeaveKind::quit, {}, now());
  const auto second = login(kAda, "ada");
  ASSERT_EQ(second.status, Status::admitted);
  EXPECT_NE(first.slot, second.slot);
  sessions().settle();
  EXPECT_EQ(sessions().session(first.slot).phase.load(), SessionPhase::free);
  EXPECT_EQ(sessions().session(second.slot).phase.load(), SessionPhase::active);
  EXPECT_EQ(state_.active()[0].load(), 1U << second.slot);
  EXPECT_THAT(sessions().all(), ElementsAre(second.slot));
}

TEST_F(SessionsTest, AKickIsARecordWithTheReason) {
  sessions().remove(enter(kAda, "ada"), LeaveKind::kicked, "noise", now());
  EXPECT_EQ(records().back().kind, RecordKind::kick);
  EXPECT_EQ(records().back().text, "noise");
}

TEST_F(SessionsTest, SilentMembersAreFound) {
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  const Slot eve = enter(kEve, "eve");
  wait(std::chrono::seconds{10});
  say(bob, "x");
  sessions().heard(eve, now().mono);
  EXPECT_THAT(sessions().silent_since(state::SessionKind::text, now().mono), ElementsAre(ada));
  EXPECT_EQ(login(kAda, "ada").status, Status::again);  // that is a sign of life
  EXPECT_TRUE(sessions().silent_since(state::SessionKind::text, now().mono).empty());
}

TEST_F(SessionsTest, AMemberIsNotifiedOnceASecond) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_TRUE(sessions().may_notify(ada, now().mono));
  EXPECT_FALSE(sessions().may_notify(ada, now().mono));
  wait(std::chrono::milliseconds{999});
  EXPECT_FALSE(sessions().may_notify(ada, now().mono));
  wait(std::chrono::milliseconds{1});
  EXPECT_TRUE(sessions().may_notify(ada, now().mono));
}

TEST_F(SessionsTest, AnUnusedNameIsNotFound) {
  enter(kAda, "ada");
  EXPECT_FALSE(sessions().find_name("bob"));
  EXPECT_FALSE(sessions().find_name(""));
  EXPECT_FALSE(sessions().find_name("\xff"));
}

}  // namespace
}  // namespace chatd::chat
