// SPDX-License-Identifier: GPL-3.0-or-later
// The user does not want to see the messages of some users.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DialogueIgnore : public DialogueTest {
 protected:
  DialogueIgnore() {
    join_room();
    type("/ignore bob");
    EXPECT_EQ(dialogue_.take_text(), "-- messages of bob are not shown\n");
  }
};

TEST_F(DialogueIgnore, ShowsNothingOfTheUserAndDoesNotRing) {
  report(said("bob", "ada!"));
  report(line_of(wire::RecordKind::action, "bob", "shouts"));
  report(line_of(wire::RecordKind::direct, "bob", "psst"));
  report(RoomInvited{.room = "lab", .name = "bob"});
  EXPECT_EQ(dialogue_.take_text(), "");
  type("/r no");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("nobody has sent a direct message to you"));
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(line_of(wire::RecordKind::topic, "bob", "tea"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- bob set the topic: tea\n");
  report(said("carol", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 carol: hello\n");
}

TEST_F(DialogueIgnore, ListsTheUsersAndEnds) {
  type("/ignore Carol");
  (void)dialogue_.take_text();
  type("/ignore");
  EXPECT_EQ(dialogue_.take_text(), "-- messages are not shown of: bob, Carol\n");
  type("/unignore BOB");
  EXPECT_EQ(dialogue_.take_text(), "-- messages of BOB are shown again\n");
  type("/unignore bob");
  EXPECT_EQ(dialogue_.take_text(), "! messages of bob are shown already\n");
  type("/unignore carol");
  (void)dialogue_.take_text();
  type("/ignore");
  EXPECT_EQ(dialogue_.take_text(), "-- messages of all members are shown\n");
  report(said("bob", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 bob: hello\n");
}

TEST_F(DialogueIgnore, RefusesANameThatNobodyCanHave) {
  type("/ignore admin");
  EXPECT_EQ(dialogue_.take_text(), "! admin cannot be a name: it is the server's own\n");
}

// --- users that the server knows as blocked ------------------------------------------

class DialogueBlocks : public DialogueTest {
 protected:
  DialogueBlocks() { join_room(); }
  void confirm() { report(Confirmed{one_order<Post>().number}); }
};

TEST_F(DialogueBlocks, TheLinesOfABlockedUserAreNotShownAfterALogin) {
  report(BlockList{.list = "bob\t0000000000000007\t9", .from = "anyone"});
  EXPECT_EQ(dialogue_.take_text(), "") << "the user has not asked";
  Line line = line_of(wire::RecordKind::say, "robert", "hello");
  line.person = 7;
  report(line);
  EXPECT_EQ(dialogue_.take_text(), "") << "under every name";
  report(said("carol", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 carol: hello\n");
}

TEST_F(DialogueBlocks, ABlockIsSaidWhenTheServerHasConfirmedIt) {
  type("/block bob");
  EXPECT_EQ(dialogue_.take_text(), "");
  confirm();
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("-- bob is blocked"));
  EXPECT_EQ(one_order<AskBlocks>(), AskBlocks{});
  report(said("bob", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "");
  type("/unblock bob");
  confirm();
  EXPECT_EQ(dialogue_.take_text(), "-- bob is not blocked any more\n");
  report(said("bob", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 bob: hello\n");
}

TEST_F(DialogueBlocks, TheListIsShownIfTheUserHasAskedForIt) {
  type("/blocks");
  EXPECT_EQ(one_order<AskBlocks>(), AskBlocks{});
  report(BlockList{.list = "bob\t0000000000000007\t9\neve\t0000000000000008\t9", .from = "owned"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- you have blocked: bob, eve\n"
            "-- you take direct messages from users who own their name\n");
  type("/block");
  report(BlockList{.code = "unknown_command", .text = "no"});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("! "));
}

TEST_F(DialogueBlocks, TheChoiceOfDirectMessagesIsSaid) {
  type("/direct same-room");
  confirm();
  EXPECT_EQ(dialogue_.take_text(),
            "-- you take direct messages from members of rooms that you are in\n");
  type("/direct nobody");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("/direct anyone|same-room|owned|default"));
}

TEST_F(DialogueTest, IgnoresTheUsersOfItsSettings) {
  Dialogue dialogue{{.name = "ada", .host = "host:8888", .ignore = {"bob"}}};
  dialogue.start();
  dialogue.on_report(joined("ada"), now());
  (void)dialogue.take_text();
  dialogue.on_report(said("bob", "hello"), now());
  EXPECT_EQ(dialogue.take_text(), "");
}

}  // namespace
}  // namespace chatd::client
