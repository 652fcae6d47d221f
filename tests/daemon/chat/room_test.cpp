// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/room_fixture.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using state::RecordKind;
using state::SessionPhase;
using ::testing::ElementsAre;
using wire::Reason;
using Counters = state::GatewayCounters;
using LoginStatus = Room::LoginStatus;
using SayStatus = Room::SayStatus;

class RoomTest : public RoomFixture {
 protected:
  // The reason of a refusal; fails the test when there is none.
  Reason refusal(std::string_view peer, std::string_view name) {
    const auto outcome = login(peer, name);
    EXPECT_EQ(outcome.status, LoginStatus::refused) << name;
    return outcome.reason;
  }
};

constexpr std::string_view kAda = "127.0.0.1:4001";
constexpr std::string_view kBob = "127.0.0.1:4002";
constexpr std::string_view kEve = "127.0.0.2:4003";

TEST_F(RoomTest, AMemberEntersInTwoSteps) {
  const auto outcome = login(kAda, "ada");
  ASSERT_EQ(outcome.status, LoginStatus::admitted);
  EXPECT_EQ(room().session(outcome.slot).phase.load(), SessionPhase::joining);
  EXPECT_EQ(state_.active()[0].load(), 0U);
  room().settle();
  EXPECT_EQ(room().session(outcome.slot).phase.load(), SessionPhase::active);
  EXPECT_EQ(state_.active()[0].load(), 1U << outcome.slot);
  EXPECT_EQ(room().find(test::endpoint(kAda)), outcome.slot);
  EXPECT_EQ(room().find_name("ADA"), outcome.slot);
  ASSERT_EQ(records().size(), 1U);
  EXPECT_EQ(records()[0].kind, RecordKind::join);
  EXPECT_EQ(records()[0].name, "ada");
  EXPECT_EQ(figure(&Counters::joins), 1U);
  EXPECT_EQ(figure(&Counters::sessions_now), 1U);
}

TEST_F(RoomTest, ARepeatedLoginIsNoNewSession) {
  const Slot ada = enter(kAda, "ada");
  for (const std::string_view name : {"ada", "Ada"}) {
    const auto again = login(kAda, name);
    EXPECT_EQ(again.status, LoginStatus::again);
    EXPECT_EQ(again.slot, ada);
  }
  EXPECT_EQ(records().size(), 1U);
  EXPECT_EQ(figure(&Counters::joins), 1U);
}

TEST_F(RoomTest, ASecondNameFromOneAddressIsRefused) {
  enter(kAda, "ada");
  enter(kBob, "bob");
  EXPECT_EQ(refusal(kAda, "eve"), Reason::already_named);
  EXPECT_EQ(refusal(kAda, "bob"), Reason::already_named);
  EXPECT_EQ(refusal(kAda, "two words"), Reason::already_named);
  EXPECT_EQ(room().name(*room().find(test::endpoint(kAda))), "ada");
}

TEST_F(RoomTest, NamesAreUniqueByFolding) {
  enter(kAda, "Zo\u00eb");
  EXPECT_EQ(refusal(kBob, "Zo\u00eb"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "ZO\u00cb"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "zoe\u0308"), Reason::name_taken);
  EXPECT_EQ(refusal(kBob, "\uff3ao\u00eb"), Reason::name_taken);  // a full-width Z
  EXPECT_EQ(login(kBob, "zoe").status, LoginStatus::admitted);
}

TEST_F(RoomTest, NamesOfTheServerAndImpossibleNamesAreRefused) {
  for (const std::string_view name : {"admin", "Admin", "ADMINISTRATOR", "server", "管理员"}) {
    EXPECT_EQ(refusal(kAda, name), Reason::name_reserved) << name;
  }
  EXPECT_EQ(refusal(kAda, ""), Reason::name_empty);
  EXPECT_EQ(refusal(kAda, "a b"), Reason::name_has_space);
  EXPECT_EQ(refusal(kAda, "\xff\xfe"), Reason::name_not_utf8);
  EXPECT_EQ(refusal(kAda, std::string(33, 'x')), Reason::name_too_long);
  EXPECT_EQ(figure(&Counters::logins_refused), 9U);
  EXPECT_TRUE(records().empty());
  EXPECT_EQ(login(kAda, "ada").status, LoginStatus::admitted);  // a refusal leaves it free
}

TEST_F(RoomTest, TheRoomAndAnAddressCanBeFull) {
  config_.limits.sessions_per_address = 2;
  enter("127.0.0.1:1", "a1");
  enter("127.0.0.1:2", "a2");
  EXPECT_EQ(refusal("127.0.0.1:3", "a3"), Reason::address_full);
  for (int i = 0; i < 6; ++i) enter("127.0.1." + std::to_string(i) + ":1", "b" + std::to_string(i));
  EXPECT_EQ(refusal("127.0.2.1:1", "c"), Reason::room_full);
  EXPECT_EQ(figure(&Counters::sessions_now), 8U);

  room().remove(*room().find_name("a1"), LeaveKind::quit, {}, now());
  room().settle();
  EXPECT_EQ(login("127.0.0.1:3", "a3").status, LoginStatus::admitted);
  EXPECT_EQ(figure(&Counters::sessions_peak), 8U);
}

TEST_F(RoomTest, TextSessionsOfOtherMachinesTakeHalfOfTheRoom) {
  for (int i = 0; i < 4; ++i) enter("192.0.2." + std::to_string(i) + ":1", "r" + std::to_string(i));
  EXPECT_EQ(refusal("192.0.2.9:1", "more"), Reason::room_full);
  for (int i = 0; i < 4; ++i) enter("127.0.0.1:" + std::to_string(i), "l" + std::to_string(i));
  EXPECT_EQ(refusal("127.0.0.1:9", "more"), Reason::room_full);
}

TEST_F(RoomTest, ASessionOfAnotherMachineIsUnprovedUntilItIsHeardLater) {
  const Slot local = enter("127.0.0.1:1", "local");
  const Slot far = enter("192.0.2.1:1", "far");
  EXPECT_EQ(room().session(local).delivery.unproved, 0U);
  EXPECT_EQ(room().session(far).delivery.unproved, 1U);
  say(far, "at once");
  EXPECT_EQ(room().session(far).delivery.unproved, 1U);
  wait(Unproved::kProof);
  say(far, "later");
  EXPECT_EQ(room().session(far).delivery.unproved, 0U);
  EXPECT_EQ(room().session(far).delivery.peer, test::endpoint("192.0.2.1:1"));
  EXPECT_THAT(said(), ElementsAre("far: at once", "far: later"));
}

TEST_F(RoomTest, UnprovedSessionsShareOneRate) {
  config_.limits.messages_per_second = 0;
  const Slot one = enter("192.0.2.1:1", "one");
  const Slot two = enter("192.0.2.2:1", "two");
  const Slot local = enter("127.0.0.1:1", "local");
  for (std::uint32_t i = 0; i < Unproved::kLinesAtOnce; ++i) {
    EXPECT_EQ(say(i % 2 == 0 ? one : two, "x"), SayStatus::said);
  }
  const auto refused = room().say(one, "x", now());
  EXPECT_EQ(refused.status, SayStatus::too_fast);
  EXPECT_EQ(refused.per_second, Unproved::kLinesPerSecond);
  EXPECT_EQ(say(local, "x"), SayStatus::said);
  wait(Unproved::kProof);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(say(one, "x"), SayStatus::said) << "it is proved";
}

TEST_F(RoomTest, AMemberLeavesInTwoSteps) {
  const Slot ada = enter(kAda, "ada");
  room().remove(ada, LeaveKind::quit, {}, now());
  EXPECT_EQ(room().name(ada), "ada");  // for its EXIT
  EXPECT_EQ(room().session(ada).phase.load(), SessionPhase::leaving);
  EXPECT_FALSE(room().find(test::endpoint(kAda)));
  EXPECT_FALSE(room().find_name("ada"));
  EXPECT_EQ(state_.active()[0].load(), 0U);
  room().settle();
  EXPECT_EQ(room().session(ada).phase.load(), SessionPhase::free);
  EXPECT_EQ(records().back().kind, RecordKind::leave);
  EXPECT_EQ(figure(&Counters::leaves), 1U);
  EXPECT_EQ(figure(&Counters::sessions_now), 0U);
}

TEST_F(RoomTest, JoinLeaveAndJoinInOneBatchIsOneSession) {
  const auto first = login(kAda, "ada");
  room().remove(first.slot, LeaveKind::quit, {}, now());
  const auto second = login(kAda, "ada");
  ASSERT_EQ(second.status, LoginStatus::admitted);
  EXPECT_NE(first.slot, second.slot);
  room().settle();
  EXPECT_EQ(room().session(first.slot).phase.load(), SessionPhase::free);
  EXPECT_EQ(room().session(second.slot).phase.load(), SessionPhase::active);
  EXPECT_EQ(state_.active()[0].load(), 1U << second.slot);
  EXPECT_THAT(room().members(), ElementsAre(second.slot));
}

TEST_F(RoomTest, AKickIsARecordWithTheReason) {
  room().remove(enter(kAda, "ada"), LeaveKind::kicked, "noise", now());
  EXPECT_EQ(records().back().kind, RecordKind::kick);
  EXPECT_EQ(records().back().text, "noise");
}

TEST_F(RoomTest, AFirstMessageWithTheOwnNameMakesANamingClient) {
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  say(ada, "ada ada");
  EXPECT_EQ(say(ada, "ada "), SayStatus::empty);
  say(ada, "look ada");  // from here on it is no naming client
  say(ada, "ada is me");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: ada", "ada: look ada", "ada: ada is me"));
}

TEST_F(RoomTest, AFirstMessageWithoutTheOwnNameMakesAPlainClient) {
  const Slot ada = enter(kAda, "ada");
  say(ada, "hello");
  say(ada, "ada hello");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: ada hello"));
}

TEST_F(RoomTest, AnotherMembersNameIsTextAndHabitsArePerMember) {
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  say(ada, "ada hi");
  say(bob, "ada hi");
  EXPECT_THAT(said(), ElementsAre("ada: hi", "bob: ada hi"));
}

TEST_F(RoomTest, TheFormCanBeFixedAsMessage) {
  config_.text.chat_form = config::ChatForm::message;
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  EXPECT_THAT(said(), ElementsAre("ada: ada hello"));
}

TEST_F(RoomTest, TheFormCanBeFixedAsNamed) {
  config_.text.chat_form = config::ChatForm::named;
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  say(ada, "hello");
  say(ada, "ada again");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: hello", "ada: again"));
}

TEST_F(RoomTest, TextThatIsEmptyTooLongOrNotUtf8IsNotSaid) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_EQ(say(ada, ""), SayStatus::empty);
  EXPECT_EQ(say(ada, " \t "), SayStatus::empty);
  EXPECT_EQ(say(ada, "\xc3"), SayStatus::not_utf8);
  const auto outcome = room().say(ada, std::string(901, 'x'), now());
  EXPECT_EQ(outcome.status, SayStatus::too_long);
  EXPECT_EQ(outcome.bytes, 901U);
  EXPECT_EQ(say(ada, std::string(900, 'x')), SayStatus::said);
  EXPECT_EQ(say(ada, "a\x1b[2Jb\tc"), SayStatus::said);
  EXPECT_THAT(said(), ElementsAre("ada: " + std::string(900, 'x'), "ada: a?[2Jb\tc"));
  EXPECT_EQ(figure(&Counters::messages), 2U);
  EXPECT_EQ(figure(&Counters::messages_refused_invalid), 2U);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_empty), 2U);
  EXPECT_EQ(room().session(ada).messages, 2U);
}

TEST_F(RoomTest, AConfiguredSizeHoldsForTheMessageWithoutTheName) {
  config_.limits.message_bytes = 5;
  const Slot ada = enter(kAda, "ada");
  EXPECT_EQ(say(ada, "ada 12345"), SayStatus::said);
  EXPECT_EQ(say(ada, "ada 123456"), SayStatus::too_long);
}

TEST_F(RoomTest, AMessageAboveTheRateIsRefusedWithTheWait) {
  config_.limits.messages_per_second = 5;
  config_.limits.burst = 3;
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(say(ada, "x"), SayStatus::said);
  const auto outcome = room().say(ada, "x", now());
  EXPECT_EQ(outcome.status, SayStatus::too_fast);
  EXPECT_EQ(outcome.wait, std::chrono::milliseconds{200});
  EXPECT_EQ(say(bob, "x"), SayStatus::said);
  wait(outcome.wait);
  EXPECT_EQ(say(ada, "x"), SayStatus::said);
  EXPECT_EQ(say(ada, "x"), SayStatus::too_fast);
  EXPECT_EQ(figure(&Counters::messages_refused_rate), 2U);
}

TEST_F(RoomTest, AnAnnouncementIsForAllAndHasNoSender) {
  enter(kAda, "ada");
  enter(kBob, "bob");
  EXPECT_EQ(room().announce("soon\n", now()), 2U);
  EXPECT_EQ(records().back().kind, RecordKind::announce);
  EXPECT_EQ(records().back().text, "soon ");
  EXPECT_EQ(records().back().sender, std::nullopt);
  EXPECT_EQ(room().announce("", now()).error(), wire::TextFault::empty);
  EXPECT_EQ(room().announce("\xff", now()).error(), wire::TextFault::not_utf8);
  EXPECT_EQ(room().announce(std::string(901, 'x'), now()).error(), wire::TextFault::too_long);
  EXPECT_EQ(figure(&Counters::announcements), 1U);
}

TEST_F(RoomTest, SilentMembersAreFound) {
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  const Slot eve = enter(kEve, "eve");
  wait(std::chrono::seconds{10});
  say(bob, "x");
  room().heard(eve, now().mono);
  EXPECT_THAT(room().silent_since(now().mono), ElementsAre(ada));
  EXPECT_EQ(login(kAda, "ada").status, LoginStatus::again);  // that is a sign of life
  EXPECT_TRUE(room().silent_since(now().mono).empty());
}

TEST_F(RoomTest, AMemberIsNotifiedOnceASecond) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_TRUE(room().may_notify(ada, now().mono));
  EXPECT_FALSE(room().may_notify(ada, now().mono));
  wait(std::chrono::milliseconds{999});
  EXPECT_FALSE(room().may_notify(ada, now().mono));
  wait(std::chrono::milliseconds{1});
  EXPECT_TRUE(room().may_notify(ada, now().mono));
}

TEST_F(RoomTest, AnUnusedNameIsNotFound) {
  enter(kAda, "ada");
  EXPECT_FALSE(room().find_name("bob"));
  EXPECT_FALSE(room().find_name(""));
  EXPECT_FALSE(room().find_name("\xff"));
}

}  // namespace
}  // namespace chatd::chat
