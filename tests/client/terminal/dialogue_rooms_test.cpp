// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogue about rooms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class DialogueRooms : public DialogueTest {
 protected:
  void enter_rooms() {
    join_room();
    enter_room("lab", 1);
    enter_room("pub", 2);
    (void)dialogue_.take_text();
  }
  static Line said_in(const std::string& room, std::string_view text) {
    Line line = said("bob", text);
    line.room = {.id = 1, .name = room};
    return line;
  }
};

TEST_F(DialogueRooms, AJoinedRoomIsWrittenTo) {
  join_room();
  enter_room("lab", 1);
  EXPECT_EQ(dialogue_.take_text(), "-- you are in #lab\n");
  EXPECT_EQ(prompt(), "#lab ada> ");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "lab"}}));
  type("/me waves");
  EXPECT_THAT(messages(), ElementsAre(Message{Act{.text = "waves", .room = "lab"}}));
  type("/msg bob psst");
  EXPECT_THAT(messages(), ElementsAre(Message{Direct{.name = "bob", .text = "psst"}}));
}

TEST_F(DialogueRooms, AMadeRoomIsWrittenTo) {
  join_room();
  type("/make #lab");
  const auto post = one_order<Post>();
  EXPECT_EQ(post.message, Message{MakeRoom{"lab"}});
  report(RoomJoined{.room = {.id = 1, .name = "lab"}, .topic = "tea"});
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(), "-- you are in #lab: tea (set by the administrator)\n");
  EXPECT_EQ(prompt(), "#lab ada> ");
}

TEST_F(DialogueRooms, NumbersSelectTheRoomThatIsWrittenTo) {
  enter_rooms();
  EXPECT_EQ(prompt(), "#pub ada> ");
  type("/1");
  EXPECT_EQ(prompt(), "#the lab ada> ");
  dialogue_.select_room(2);
  EXPECT_EQ(prompt(), "#lab ada> ");
  type("/join PUB");
  EXPECT_EQ(prompt(), "#pub ada> ");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  type("/4");
  EXPECT_EQ(dialogue_.take_text(), "! no room has this number; /rooms shows the numbers\n");
  EXPECT_EQ(prompt(), "#pub ada> ");
}

TEST_F(DialogueRooms, LinesOfOtherRoomsBeginWithTheNameOfTheirRoom) {
  enter_rooms();
  report(said_in("pub", "here"));
  report(said_in("lab", "there"));
  report(said("bob", "everywhere"));
  report(line_of(wire::RecordKind::direct, "bob", "psst"));
  EXPECT_EQ(dialogue_.take_text(),
            "23:15 bob: here\n23:15 #lab bob: there\n23:15 #the lab bob: everywhere\n"
            "\a23:15 [from bob] psst\n");
  report(Missed{.room = {.id = 1, .name = "lab"}});
  EXPECT_EQ(dialogue_.take_text(), "! #lab some lines are lost: you were away too long\n");
}

TEST_F(DialogueRooms, ALeftRoomIsNotWrittenToAnyMore) {
  enter_rooms();
  type("/leave");
  EXPECT_EQ(one_order<Post>().message, Message{LeaveRoom{"pub"}});
  report(RoomLeft{.room = {.id = 2, .name = "pub"}});
  EXPECT_EQ(dialogue_.take_text(), "-- you have left #pub\n");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{"hello"}}));
  type("/leave #lab");
  EXPECT_EQ(one_order<Post>().message, Message{LeaveRoom{"lab"}});
  report(RoomLeft{.room = {.id = 1, .name = "lab"}, .text = "dropped"});
  EXPECT_EQ(dialogue_.take_text(), "\a! you were removed from #lab: dropped\n");
  type("/leave");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.take_text(),
            "! this room stays as long as you are connected; /quit leaves it\n");
}

TEST_F(DialogueRooms, AfterARemovalNothingIsSentUntilAnotherRoomIsSelected) {
  enter_rooms();
  report(RoomLeft{.room = {.id = 2, .name = "pub"}, .text = "dropped"});
  EXPECT_EQ(dialogue_.take_text(), "\a! you were removed from #pub: dropped\n");
  EXPECT_EQ(prompt(), "(not in #pub) ada> ");
  for (const char* line : {"between us", "/me waves", "/users"}) type(line);
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.take_text(),
            "! not sent: you are not in that room; /1 writes to #the lab: between us\n"
            "! not sent: you are not in that room; /1 writes to #the lab: /me waves\n"
            "! you are not in that room; /1 writes to #the lab\n");
  type("/leave");
  EXPECT_EQ(prompt(), "#the lab ada> ");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{"hello"}}));
}

TEST_F(DialogueRooms, TheDefaultRoomIsJoinedByItsName) {
  Joined first = joined("ada");
  first.server = "the-lab";
  dialogue_.start();
  report(first);
  (void)dialogue_.take_orders();
  enter_room("lab", 1);
  EXPECT_EQ(prompt(), "#lab ada> ");
  type("/join #The-Lab");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(prompt(), "#the-lab ada> ");
}

TEST_F(DialogueRooms, ANameThatNoRoomCanHaveIsNotSent) {
  join_room();
  for (const char* line : {"/join \u200b", "/make \u200b"}) {
    type(line);
    EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
    EXPECT_THAT(dialogue_.take_text(),
                StartsWith("! not done: that is not a possible room name: /"));
  }
}

TEST_F(DialogueRooms, ANewRoomOfTheSameNameGetsNoLineUntilItIsSelected) {
  enter_rooms();
  dialogue_.set_drafting(true);
  report(RoomLeft{.room = {.id = 2, .name = "pub"}, .code = "no_such_room"});
  report(RoomJoined{.room = {.id = 3, .name = "pub"}});
  EXPECT_EQ(dialogue_.take_text(), "! #pub is gone\n-- you are in #pub\n");
  type("between us");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.take_text(),
            "! not sent: you are not in that room; /1 writes to #the lab: between us\n");
  report(said_in("pub", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 #pub bob: hello\n");
  type("/join pub");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "pub"}}));
}

TEST_F(DialogueRooms, ALineAfterAJoinIsSentToTheRoomWhenTheUserIsInIt) {
  join_room();
  type("/join LAB");
  EXPECT_EQ(prompt(), "(sending 1) #LAB ada> ");
  const auto post = one_order<Post>();
  type("hello");
  type("/me waves");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  type("/1");
  type("elsewhere");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{"elsewhere"}}));
  type("/join LAB");
  (void)dialogue_.take_orders();
  report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  EXPECT_EQ(prompt(), "(sending 5) #lab ada> ");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "LAB"}},
                                      Message{Act{.text = "waves", .room = "LAB"}}));
  report(Confirmed{post.number});
  type("now");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "now", .room = "lab"}}));
}

TEST_F(DialogueRooms, ALineForARoomThatCannotBeJoinedIsNotSent) {
  enter_rooms();
  type("/join zoo");
  Refused refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "no_such_room";
  type("hello");
  dialogue_.set_drafting(true);
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: there is no such room: /join zoo\n"
            "! not sent: there is no such room: hello\n");
  EXPECT_EQ(prompt(), "(not in #zoo) ada> ");
  type("and bye");  // a line that the user began before the refusal
  EXPECT_EQ(dialogue_.take_text(),
            "! not sent: you are not in that room; /1 writes to #the lab: and bye\n");
  EXPECT_EQ(prompt(), "#pub ada> ");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "pub"}}));
}

TEST_F(DialogueRooms, LinesAfterRefusedJoinsGoToTheRoomBeforeTheJoins) {
  enter_rooms();
  std::vector<std::uint64_t> joins;
  for (const char* line : {"/join zoo", "/make bar", "/join bar"}) {
    type(line);
    joins.push_back(one_order<Post>().number);
  }
  for (const std::uint64_t number : joins) report(refused(number, "No."));
  EXPECT_EQ(prompt(), "#pub ada> ");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "pub"}}));
}

TEST_F(DialogueRooms, ARefusedJoinDoesNotSelectANewRoomOfAnOldName) {
  enter_rooms();
  type("/join zoo");
  const auto join = one_order<Post>();
  report(RoomLeft{.room = {.id = 2, .name = "pub"}, .code = "no_such_room"});
  report(RoomJoined{.room = {.id = 3, .name = "pub"}});
  report(refused(join.number, "No."));
  type("between us");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_THAT(dialogue_.take_text(), EndsWith("; /1 writes to #the lab: between us\n"));
}

TEST_F(DialogueRooms, LinesForARoomThatIsBeingJoinedAreSentBeforeTheUserLeaves) {
  join_room();
  type("/join lab");
  (void)one_order<Post>();
  type("hello");
  type("/quit");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  const auto orders = dialogue_.take_orders();
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(std::get<Post>(orders[0]).message, (Message{Say{.text = "hello", .room = "lab"}}));
  EXPECT_TRUE(std::holds_alternative<Quit>(orders[1]));
}

TEST_F(DialogueRooms, ARoomThatIsGoneAfterAnInterruptionIsReported) {
  enter_rooms();
  report(RoomLeft{.room = {.id = 1, .name = "lab"}, .code = "no_such_room", .text = "No."});
  EXPECT_EQ(dialogue_.take_text(), "! #lab is gone\n");
  report(RoomJoined{.room = {.id = 2, .name = "pub"}, .again = true});
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_EQ(prompt(), "#pub ada> ");
}

TEST_F(DialogueRooms, ARefusedCommandIsShownWithTheReason) {
  join_room();
  type("/join lab");
  Refused refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "no_such_room";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "! not done: there is no such room: /join lab\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueRooms, TheUsersOfTheRoomThatIsWrittenToAreListed) {
  enter_rooms();
  type("/users");
  EXPECT_EQ(one_order<AskUsers>().room, "pub");
  report(Users{.list = "ada\nmallory", .room = "pub"});
  EXPECT_EQ(dialogue_.take_text(), "-- 2 here:\nada      mallory\n");
  EXPECT_THAT(dialogue_.complete("", "ma"), IsEmpty()) << "the list of the server stays";
  EXPECT_THAT(dialogue_.complete("", "bo"), ElementsAre("bob:"));
}

TEST_F(DialogueRooms, ARoomThatIsBeingJoinedHasNoAnswersYet) {
  join_room();
  type("/join lab");
  (void)dialogue_.take_orders();
  (void)dialogue_.take_text();
  for (const char* line : {"/users", "/topic", "/history"}) {
    type(line);
    EXPECT_EQ(dialogue_.take_text(),
              "! the server has not answered yet whether you can join #lab\n")
        << line;
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueRooms, RoomsAreListedWithTheirNumbersAndCompleted) {
  enter_rooms();
  type("/rooms");
  (void)one_order<AskRooms>();
  report(RoomList{.list = "lab\t2\tin", .more = true});
  report(RoomList{.list = "zoo\t1"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- 3 rooms:\n    1 #the lab\n    2 #lab  2 members\n      #zoo  1 member\n");
  EXPECT_THAT(dialogue_.complete("/join ", "z"), ElementsAre("#zoo"));
  EXPECT_THAT(dialogue_.complete("/j ", "z"), ElementsAre("#zoo"));
  report(RoomList{});
  EXPECT_EQ(dialogue_.take_text(), "-- 1 room:\n    1 #the lab\n");
  report(RoomList{.list = "zoo\t1"});
  (void)dialogue_.take_text();
  EXPECT_THAT(dialogue_.complete("see ", "#"), ElementsAre("#lab", "#pub", "#zoo"));
}

TEST_F(DialogueRooms, AnotherMemberHasNoRoomsOfTheOldOne) {
  enter_rooms();
  report(Reconnecting{});
  Joined same = joined("ada");
  same.again = true;
  report(same);
  EXPECT_EQ(prompt(), "#pub ada> ");
  report(joined("ada"));
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueRooms, CommandsNeedAConnection) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  for (const char* line : {"/rooms", "/make lab", "/join lab", "/leave lab"}) {
    type(line);
    EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n") << line;
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

}  // namespace
}  // namespace chatd::client
