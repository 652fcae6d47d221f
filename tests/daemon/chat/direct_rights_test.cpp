// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/direct_rights.hpp"

#include "tests/daemon/chat/waiting_fixture.hpp"

namespace chatd::chat {
namespace {

using wire::DirectFrom;
using wire::Reason;

class DirectRightsTest : public WaitingFixture {
 protected:
  std::optional<Reason> reason() {
    return chat_->direct.reason_not_to_write(ada_, person(bob_), bob_);
  }
  void choose(Slot slot, DirectFrom from) {
    (void)chat_->blocks.choose(
        {.person = person(slot), .address = sessions().where(slot).address, .now = now().wall},
        from);
  }

  Slot ada_{enter("ada", 1, "10.0.0.1:5").slot};
  Slot bob_{enter("bob", 2, "10.0.0.2:5").slot};
};

TEST_F(DirectRightsTest, EverybodyMayWriteToAMemberThatHasNotChosen) {
  EXPECT_EQ(reason(), std::nullopt);
  EXPECT_EQ(chat_->direct.from(person(bob_)), DirectFrom::anyone);
}

TEST_F(DirectRightsTest, AUserThatIsBlockedMayNotWrite) {
  (void)chat_->blocks.add(
      {.person = person(bob_), .address = sessions().where(bob_).address, .now = now().wall},
      person(ada_), "ada");
  EXPECT_EQ(reason(), Reason::not_taken);
  EXPECT_EQ(chat_->direct.reason_not_to_write(bob_, person(ada_), ada_), std::nullopt);
}

TEST_F(DirectRightsTest, AMemberThatTakesMessagesOfOwnersRefusesOthers) {
  choose(bob_, DirectFrom::owned);
  EXPECT_EQ(reason(), Reason::not_taken);
  own(ada_);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(DirectRightsTest, TheSameRoomIsAFurtherOneInWhichBothAreNow) {
  choose(bob_, DirectFrom::same_room);
  EXPECT_EQ(reason(), Reason::not_taken) << "everybody is in the default room";
  ASSERT_TRUE(make(ada_, "lab"));
  EXPECT_EQ(reason(), Reason::not_taken);
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_EQ(reason(), std::nullopt);
  EXPECT_EQ(chat_->direct.reason_not_to_write(ada_, person(bob_), std::nullopt), Reason::not_taken)
      << "who is not in is in no room";
}

TEST_F(DirectRightsTest, TheSettingIsForMembersThatHaveNotChosen) {
  config_.direct.from = DirectFrom::owned;
  restart();
  EXPECT_EQ(reason(), Reason::not_taken);
  choose(bob_, DirectFrom::anyone);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(DirectRightsTest, AMemberMayWriteToItself) {
  choose(ada_, DirectFrom::owned);
  EXPECT_EQ(chat_->direct.reason_not_to_write(ada_, person(ada_), ada_), std::nullopt);
}

}  // namespace
}  // namespace chatd::chat
