// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/presence.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "daemon/chat/programs.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/named_member.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ada is in with two programs, bob with one.
class PresenceTest : public RoomsFixture {
 protected:
  void away(Slot slot, std::string_view text = {}) { commands().set_away(next(slot), text); }
  void say_to(Slot from, std::string_view to) { commands().say_to(next(from), to, "psst"); }
  NativeCommands::Order next(Slot slot) {
    return order(slot, state_.native_slots()[slot].uplink + 10);
  }
  // The text about being away, or "-".
  std::string said(Slot slot) {
    const auto* const said = said_away(sessions(), slot);
    return said == nullptr ? "-" : std::string{view_of(said->text)};
  }
  std::uint64_t uplink(Slot slot) { return state_.native_slots()[slot].uplink; }

  Slot phone_{enter("ada", 1, "10.0.0.1:5", 1).slot};
  Slot laptop_{enter("ada", 1, "10.0.0.2:5", 2).slot};
  Slot bob_{enter("bob", 2, "10.0.0.3:5", 3).slot};
};

TEST_F(PresenceTest, AMemberIsAwayWithAllItsPrograms) {
  away(phone_, "lunch");
  EXPECT_EQ(said(phone_), "lunch");
  EXPECT_EQ(said(laptop_), "lunch");
  EXPECT_EQ(said(bob_), "-");
  EXPECT_THAT(mailbox(phone_), ElementsAre("away "));
  EXPECT_EQ(last_text(phone_), "lunch");
  EXPECT_EQ(uplink(phone_), 10U) << "the record is the answer";
  EXPECT_THAT(mailbox(laptop_), ElementsAre("away "));
  EXPECT_THAT(mailbox(bob_), IsEmpty());
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob ")) << "no other member is told";
}

TEST_F(PresenceTest, WithoutATextTheCommandIsTheOtherState) {
  away(phone_);
  EXPECT_EQ(said(phone_), "");
  away(laptop_);
  EXPECT_EQ(said(phone_), "-");
  EXPECT_THAT(mailbox(phone_), ElementsAre("away ", "back "));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("away ", "back "));
  away(phone_, "lunch");
  away(phone_, "tea");
  EXPECT_EQ(said(laptop_), "tea") << "a text does not end it";
}

TEST_F(PresenceTest, AStoredDecisionIsNotForACommandWithAText) {
  away(bob_, "lunch");
  EXPECT_FALSE(chat_->presence.decide(bob_, 20, false));
  EXPECT_FALSE(chat_->presence.decide(bob_, 20, false)) << "it is sent again";
  EXPECT_TRUE(chat_->presence.decide(bob_, 20, true));
}

TEST_F(PresenceTest, IsInListsAndFacts) {
  away(laptop_, "lunch");
  EXPECT_TRUE(is_away(sessions(), phone_));
  EXPECT_FALSE(is_away(sessions(), bob_));
  commands().list_members(next(bob_), {}, Slot{});
  EXPECT_THAT(last_text(bob_), HasSubstr("\taway\nbob"));
  commands().describe_member(next(bob_), "ada");
  EXPECT_THAT(last_text(bob_), HasSubstr("\naway\tlunch\n"));
}

TEST_F(PresenceTest, AMemberThatWritesIsBack) {
  ASSERT_TRUE(make(phone_, "lab"));
  const auto lab = id_text("lab");
  for (int how = 0; how < 4; ++how) {
    SCOPED_TRACE(how);
    away(laptop_, "lunch");
    ASSERT_EQ(said(phone_), "lunch");
    if (how == 0) say(next(phone_), "hello");
    if (how == 1) commands().say(next(phone_), state::RecordKind::action, {}, "waves");
    if (how == 2) commands().say(next(phone_), state::RecordKind::say, lab, "hello");
    if (how == 3) say_to(phone_, "bob");
    EXPECT_EQ(said(phone_), "-");
    EXPECT_EQ(said(laptop_), "-");
    EXPECT_EQ(mailbox(phone_).back(), "back ");
    EXPECT_EQ(mailbox(laptop_).back(), how == 3 ? "sent bob" : "back ");
  }
  const auto before = mailbox(phone_).size();
  say(next(phone_), "again");
  EXPECT_EQ(mailbox(phone_).size(), before) << "a member that is not away is not notified";
}

TEST_F(PresenceTest, AQuestionIsNoReturn) {
  away(phone_, "lunch");
  commands().list_members(next(phone_), {}, Slot{});
  commands().list_programs(next(phone_));
  EXPECT_EQ(said(phone_), "lunch");
}

// --- who is told --------------------------------------------------------------------------

TEST_F(PresenceTest, ASenderIsToldOnceForEachTime) {
  away(phone_, "lunch");
  say_to(bob_, "ada");
  EXPECT_THAT(mailbox(bob_), ElementsAre("away ada"));
  EXPECT_EQ(last_text(bob_), "lunch");
  say_to(bob_, "ada");
  EXPECT_EQ(mailbox(bob_).size(), 1U);
  const Slot eve = enter("eve", 3).slot;
  say_to(eve, "ada");
  EXPECT_THAT(mailbox(eve), ElementsAre("away ada")) << "another sender";
  away(phone_);
  say_to(bob_, "ada");
  EXPECT_EQ(mailbox(bob_).size(), 1U);
  away(phone_, "tea");
  say_to(bob_, "ada");
  EXPECT_EQ(mailbox(bob_).size(), 2U);
  EXPECT_EQ(last_text(bob_), "tea");
}

TEST_F(PresenceTest, AMessageThatIsRefusedAndOneToOneselfTellNothing) {
  away(bob_, "lunch");
  fill_mailbox(bob_);
  say_to(phone_, "bob");
  EXPECT_THAT(mailbox(phone_), ElementsAre("notice mailbox_full"));
  away(phone_, "lunch");
  say_to(phone_, "ada");
  for (const std::string& record : mailbox(phone_)) EXPECT_NE(record, "away ada");
}

TEST_F(PresenceTest, ASenderWithoutSpaceIsToldWithItsNextMessage) {
  away(phone_, "lunch");
  fill_mailbox(bob_);
  const std::uint64_t full = chat_->mailboxes.tail(bob_);
  say_to(bob_, "ada");
  EXPECT_EQ(uplink(bob_), 10U) << "the message is delivered";
  EXPECT_EQ(std::uint64_t{chat_->mailboxes.tail(bob_)}, full);
  state::update_peer(state_.native_slots()[bob_], [&](state::NativePeer& peer) {
    peer.acked[wire::kMailboxStream] = chat_->mailboxes.tail(bob_);
  });
  say_to(bob_, "ada");
  const std::uint64_t told = chat_->mailboxes.tail(bob_);
  EXPECT_GT(told, full);
  say_to(bob_, "ada");
  EXPECT_EQ(std::uint64_t{chat_->mailboxes.tail(bob_)}, told) << "once";
}

TEST_F(PresenceTest, LeavesSpaceForTheNoticeOfALoginInTheOtherPrograms) {
  for (const std::size_t bytes : {900U, 100U, 0U}) {
    const std::string text(bytes, 'x');
    while (chat_->mailboxes.deliver_from_other(laptop_, {.kind = state::RecordKind::notice,
                                                         .sender = std::nullopt,
                                                         .name = {},
                                                         .text = text,
                                                         .time = now().wall})) {
    }
  }
  const std::size_t before = mailbox(laptop_).size();
  away(phone_, "lunch");
  say(next(phone_), "hello");
  EXPECT_THAT(mailbox(phone_), ElementsAre("away ", "back "));
  EXPECT_EQ(mailbox(laptop_).size(), before);
  chat_->programs.notify(phone_, test::endpoint("10.0.0.7:5").address, now().wall);
  EXPECT_EQ(mailbox(laptop_).back(), "program ");
}

// --- programs that come and go ------------------------------------------------------------

TEST_F(PresenceTest, ANewProgramIsAwayTooAndIsNotified) {
  away(phone_, "lunch");
  const Slot third = enter("ada", 1, "10.0.0.4:5", 4).slot;
  chat_->presence.notify(third, now().wall);
  EXPECT_EQ(said(third), "lunch");
  EXPECT_THAT(mailbox(third), ElementsAre("away "));
  chat_->presence.notify(bob_, now().wall);
  EXPECT_THAT(mailbox(bob_), IsEmpty());
}

TEST_F(PresenceTest, StaysWhenTheProgramLeavesThatHasSetIt) {
  away(phone_, "lunch");
  quit(phone_);
  EXPECT_EQ(said(laptop_), "lunch");
  quit(laptop_);
  const Slot again = enter("ada", 1).slot;
  EXPECT_EQ(said(again), "-") << "the member had left";
  EXPECT_EQ(said(enter("cyd", 4).slot), "-");
}

TEST_F(PresenceTest, StaysForTheNextGateway) {
  away(phone_, "lunch");
  restart();
  EXPECT_EQ(said(phone_), "lunch");
  EXPECT_EQ(said(laptop_), "lunch");
  time_ -= seconds{50};  // another clock
  away(laptop_);
  restart();
  EXPECT_EQ(said(phone_), "-");
}

// --- what is refused ------------------------------------------------------------------------

TEST_F(PresenceTest, ATextThatIsNotPossibleChangesNothing) {
  away(bob_, std::string(121, 'x'));
  EXPECT_THAT(mailbox(bob_), ElementsAre("notice too_long"));
  EXPECT_THAT(last_text(bob_), HasSubstr("120"));
  away(bob_, "\xff");
  away(bob_, " ");
  EXPECT_EQ(said(bob_), "-");
  EXPECT_THAT(mailbox(bob_), ElementsAre("notice too_long", "notice not_utf8", "notice empty"));
  away(bob_, "a\nb\x1b[2J\t");
  EXPECT_EQ(said(bob_), "a b?[2J\t") << "as a message";
  away(bob_, std::string(120, 'x'));
  EXPECT_EQ(said(bob_).size(), 120U);
}

TEST_F(PresenceTest, WithoutSpaceForTheAnswerNothingChanges) {
  fill_mailbox(bob_);
  commands().set_away(order(bob_, 10), "lunch");
  EXPECT_EQ(said(bob_), "-");
  EXPECT_EQ(uplink(bob_), 0U) << "it is sent again";
}

TEST_F(PresenceTest, ATextMemberIsNeverAway) {
  EXPECT_EQ(said_away(sessions(), enter_text("小明").slot), nullptr);
}

class MutedPresenceTest : public PresenceTest {
 protected:
  void change(wire::ModerateAction action) {
    ASSERT_TRUE(chat_->moderation.moderate({.now = now()}, std::nullopt,
                                           {.action = action, .seconds = 60, .name = "ada"}));
  }
  std::string whois_ada() {
    commands().describe_member(next(bob_), "ada");
    return last_text(bob_);
  }
};

TEST_F(MutedPresenceTest, AMutedMemberIsAwayOnlyWithoutAText) {
  change(wire::ModerateAction::mute);
  away(phone_, "buy my things");
  EXPECT_THAT(mailbox(phone_), ElementsAre("notice muted"));
  EXPECT_EQ(said(phone_), "-");
  EXPECT_EQ(uplink(phone_), 10U) << "the command is refused, and not sent again";
  away(phone_);
  EXPECT_EQ(said(phone_), "");
  away(phone_);
  EXPECT_EQ(said(phone_), "-");
}

TEST_F(MutedPresenceTest, NobodyReadsTheTextOfAMemberThatIsMutedLater) {
  away(phone_, "buy my things");
  EXPECT_THAT(whois_ada(), HasSubstr("\naway\tbuy my things\n"));
  change(wire::ModerateAction::mute);
  EXPECT_THAT(whois_ada(), HasSubstr("\naway\t\n"));
  say_to(bob_, "ada");
  EXPECT_EQ(mailbox(bob_).back(), "away ada");
  EXPECT_EQ(last_text(bob_), "");
  time_ += seconds{60};
  EXPECT_THAT(whois_ada(), HasSubstr("\naway\tbuy my things\n")) << "the mute is over";
}

}  // namespace
}  // namespace chatd::chat
