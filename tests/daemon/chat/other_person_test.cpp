// SPDX-License-Identifier: GPL-3.0-or-later
// A command names a user, and another person has taken the name since its sender has seen it last.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"
#include "tests/support/named_member.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using wire::Reason;

class OtherPersonTest : public NativeFixture {};
class OtherPersonInRoomTest : public ModerationFixture {};

TEST_F(OtherPersonTest, ADirectMessageDoesNotReachAnotherPersonOfThatName) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  const std::string first = test::named(sessions(), bob);
  commands().say_to(order(ada, 10), first, "one");
  sessions().remove(bob, state::LeaveKind::quit, {}, now());
  sessions().settle();
  const Slot other = enter("Bob", 3).slot;
  EXPECT_FALSE(commands().say_to(order(ada, 20), first, "two"));
  EXPECT_THAT(mailbox(ada), ElementsAre("notice other_person"));
  const auto direct_messages = [&] {
    return std::ranges::count(mailbox(other), std::string{"direct ada"});
  };
  const auto before = direct_messages();
  EXPECT_TRUE(commands().say_to(order(ada, 30), "bob", "whoever has the name"));
  EXPECT_TRUE(commands().say_to(order(ada, 40), test::named(sessions(), other), "that one"));
  EXPECT_EQ(direct_messages(), before + 2);
}

TEST_F(OtherPersonTest, APersonThatComesBackIsTheSameOne) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  const std::string first = test::named(sessions(), bob);
  sessions().remove(bob, state::LeaveKind::quit, {}, now());
  sessions().settle();
  (void)enter("bob", 2);
  EXPECT_TRUE(commands().say_to(order(ada, 10), first, "hello"));
}

TEST_F(OtherPersonTest, ATextMemberIsAnotherPersonInEachSession) {
  const Slot ada = enter("ada", 1).slot;
  const Slot tex = enter_text("tex").slot;
  const std::string first = test::named(sessions(), tex);
  sessions().remove(tex, state::LeaveKind::quit, {}, now());
  sessions().settle();
  (void)enter_text("tex");
  commands().say_to(order(ada, 10), first, "hello");
  EXPECT_THAT(mailbox(ada), ElementsAre("notice other_person"));
}

TEST_F(OtherPersonTest, AJoinShowsWhoHasTheName) {
  const Slot ada = enter("ada", 1).slot;
  EXPECT_EQ(test::records_of(state_).back().uplink_offset,
            static_cast<std::uint64_t>(sessions().person(ada)));
  const auto room = chat_->rooms.make({.slot = ada, .end = 10, .now = now()}, "lab")->room;
  EXPECT_EQ(test::records_of(state_.room_log(room.index)).back().uplink_offset,
            static_cast<std::uint64_t>(sessions().person(ada)));
}

TEST_F(OtherPersonInRoomTest, AnActionDoesNotReachAnotherPersonOfThatName) {
  const std::string first = test::named(sessions(), bob_);
  quit(bob_);
  bob_ = enter("bob", 9).slot;
  ASSERT_TRUE(join(bob_, "lab"));
  for (const Action action : {Action::kick, Action::ban, Action::mute, Action::invite,
                              Action::moderator, Action::owner}) {
    EXPECT_EQ(moderate(ada_, action, first), Reason::other_person);
  }
  EXPECT_TRUE(is_in(bob_));
  EXPECT_EQ(moderate(ada_, Action::mute, test::named(sessions(), bob_)), std::nullopt);
  EXPECT_EQ(last_change(), "4 ada: bob 0 ");
}

TEST_F(OtherPersonInRoomTest, ARuleIsLiftedForThePersonThatHasIt) {
  const std::string bob = test::named(sessions(), bob_);
  EXPECT_EQ(moderate(ada_, Action::ban, bob), std::nullopt);
  quit(bob_);
  EXPECT_EQ(moderate(ada_, Action::unban, test::named("bob", state::PersonId{77})),
            Reason::other_person);
  EXPECT_EQ(moderate(ada_, Action::unban, bob), std::nullopt);
}

}  // namespace
}  // namespace chatd::chat
