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
