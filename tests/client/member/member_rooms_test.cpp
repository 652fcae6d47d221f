// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms besides the default room, with a small server that has them.
#include <algorithm>
#include <array>

#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::RoomWorld;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MemberRooms : public MemberInRooms {
 protected:
  // The codes of the refusals so far.
  std::vector<std::string> refusals() {
    std::vector<std::string> codes;
    for (const Refused& one : test::events_of<Refused>(world_.events)) codes.push_back(one.code);
    return codes;
  }
  // The session is lost after the event that answers the command, but before the ACK. Returns when
  // the new session has confirmed the command.
  template <class Answer>
  void lose_session_before_ack(const Message& command) {
    world_.acknowledges = false;
    send(command);
    ASSERT_TRUE(world_.run_until([&] { return test::has<Answer>(world_.events); }));
    world_.forget_session();
    world_.acknowledges = true;
    ASSERT_TRUE(all_is_confirmed());
    world_.run_for(seconds{1});
  }
  // The lines that members have said, in any room.
  std::vector<Line> said() { return lines(wire::RecordKind::say); }
};

TEST_F(MemberRooms, AJoinedRoomIsReportedWithItsTopicAndItsLines) {
  enter();
  world_.make("lab");
  world_.say("lab", "bob", "before");
  const auto number = send(JoinRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  const auto joined = test::first_of<RoomJoined>(world_.events).value();
  EXPECT_EQ(joined.room, (RoomRef{.id = 1, .name = "lab"}));
  EXPECT_EQ(joined.topic, "topic");
  EXPECT_FALSE(joined.again);
  EXPECT_EQ(test::first_of<Confirmed>(world_.events)->number, number);
  world_.say("lab", "bob", "after");
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("lab").size() == 2; }));
  const auto lines = said();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "before");
  EXPECT_TRUE(lines[0].replay);
  EXPECT_FALSE(lines[1].replay);
  EXPECT_EQ(lines[1].room.id, 1U);
  EXPECT_THAT(world_.lines_of(""), IsEmpty());
}

TEST_F(MemberRooms, AMessageGoesToTheRoomThatItNames) {
  enter_rooms({"lab", "pub"});
  send(Say{.text = "one", .room = "Lab"});
  send(Say{.text = "two", .room = "pub"});
  send(Say{"three"});
  ASSERT_TRUE(world_.run_until([&] { return said().size() == 3; }));
  EXPECT_THAT(world_.said_in("lab"), ElementsAre("one"));
  EXPECT_THAT(world_.said_in("pub"), ElementsAre("two"));
  EXPECT_THAT(world_.said_in(""), ElementsAre("three"));
  for (const Line& line : said()) EXPECT_TRUE(line.own);
}

TEST_F(MemberRooms, AMessageToARoomThatItIsNotInIsRefused) {
  enter_rooms({"lab"});
  const auto number = send(Say{.text = "one", .room = "pub"});
  world_.run_for(seconds{1});
  ASSERT_THAT(refusals(), ElementsAre("not_in_room"));
  EXPECT_EQ(test::first_of<Refused>(world_.events)->number, number);
  EXPECT_EQ(world_.member.unconfirmed(), 0U);
}

TEST_F(MemberRooms, ARoomThatDoesNotExistIsRefused) {
  enter();
  const auto number = send(JoinRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(refusals(), ElementsAre("no_such_room"));
  EXPECT_EQ(test::first_of<Refused>(world_.events)->number, number);
  EXPECT_FALSE(test::has<RoomJoined>(world_.events));
}

TEST_F(MemberRooms, ItsMakerIsInARoom) {
  enter();
  send(MakeRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(test::first_of<RoomJoined>(world_.events)->room.name, "lab");
  send(MakeRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(refusals(), ElementsAre("room_exists"));
}

TEST_F(MemberRooms, ALeftRoomHasNoMoreLinesAndCanBeJoinedAgain) {
  enter_rooms({"lab", "pub"});
  send(LeaveRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  const auto left = test::first_of<RoomLeft>(world_.events).value();
  EXPECT_EQ(left.room.name, "lab");
  EXPECT_EQ(left.code + left.text, "");
  world_.say("lab", "bob", "unheard");
  world_.say("pub", "bob", "heard");
  ASSERT_TRUE(world_.run_until([&] { return !world_.lines_of("pub").empty(); }));
  EXPECT_THAT(world_.lines_of("lab"), IsEmpty());
  join("lab");
  world_.say("lab", "bob", "again");
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("lab").size() == 2; }));
}

TEST_F(MemberRooms, ADroppedRoomIsReportedWithTheReason) {
  enter_rooms({"lab"});
  world_.drop("lab");
  ASSERT_TRUE(world_.run_until([&] { return test::has<RoomLeft>(world_.events); }));
  EXPECT_EQ(test::first_of<RoomLeft>(world_.events)->text, "dropped");
  send(Say{.text = "one", .room = "lab"});
  world_.run_for(seconds{1});
  EXPECT_THAT(refusals(), ElementsAre("not_in_room"));
}

TEST_F(MemberRooms, AStreamNumberIsUsedAgainForAnotherRoom) {
  enter_rooms({"lab"});
  world_.loss = 0.3;
  world_.most_delay = milliseconds{50};
  for (int i = 0; i < 10; ++i) {
    const std::string room = "room" + std::to_string(i);
    world_.make(room);
    send(LeaveRoom{i == 0 ? "lab" : "room" + std::to_string(i - 1)});
    send(JoinRoom{room});
    ASSERT_TRUE(all_is_confirmed());
    for (const char* text : {"1", "2", "3"}) world_.say(room, "bob", text);
    ASSERT_TRUE(world_.run_until([&] { return world_.lines_of(room).size() == 3; }));
  }
  EXPECT_THAT(world_.lines_of("room9"), ElementsAre("bob: 1", "bob: 2", "bob: 3"));
}

TEST_F(MemberRooms, ListsComeWhole) {
  enter_rooms({"lab"});
  world_.member.ask_rooms(world_.now());
  world_.member.ask_users(world_.now(), "LAB");
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_EQ(test::first_of<RoomList>(world_.events)->list, "lab\t2\tin\npub\t7");
  EXPECT_EQ(test::first_of<Users>(world_.events)->list, "ada\nbob");
  EXPECT_EQ(test::first_of<Users>(world_.events)->room, "lab");
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).size(), 1U) << "of the join";
}

TEST_F(MemberRooms, ListsAreWholeAfterTheSessionIsLostBetweenTheirParts) {
  enter_rooms({"lab"});
  for (const bool is_lost : {false, true}) {
    world_.events.clear();
    world_.reads_asks_for_more = false;
    world_.member.ask_rooms(world_.now());
    world_.member.ask_users(world_.now(), "lab");
    world_.run_for(seconds{1});
    is_lost ? world_.forget_session() : world_.resume_session();
    world_.reads_asks_for_more = true;
    ASSERT_TRUE(all_is_confirmed());
    ASSERT_EQ(test::events_of<RoomList>(world_.events).size(), 1U);
    EXPECT_EQ(test::first_of<RoomList>(world_.events)->list, "lab\t2\tin\npub\t7");
    ASSERT_EQ(test::events_of<Users>(world_.events).size(), 1U);
    EXPECT_EQ(test::first_of<Users>(world_.events)->list, "ada\nbob");
  }
}

TEST_F(MemberRooms, EachRequestForAListGetsAWholeList) {
  enter_rooms({"lab"});
  for (int i = 0; i < 3; ++i) world_.member.ask_rooms(world_.now());
  ASSERT_TRUE(all_is_confirmed());
  const auto lists = test::events_of<RoomList>(world_.events);
  ASSERT_EQ(lists.size(), 3U);
  for (const RoomList& one : lists) EXPECT_EQ(one.list, "lab\t2\tin\npub\t7");
}

TEST_F(MemberRooms, PartsOfAListThatWasNotRequestedAreIgnored) {
  enter_rooms({"lab"});
  for (int i = 0; i < 100; ++i) {
    for (const char* name : {"lab", "Lab", "lAb", ""}) {
      world_.put_in_mailbox(wire::RecordKind::who, name, "bob", 1);
    }
    world_.put_in_mailbox(wire::RecordKind::rooms, "", "pub\t7", 1);
  }
  world_.run_for(seconds{10});
  EXPECT_THAT(world_.carried_out(), ElementsAre("join lab"));
  EXPECT_FALSE(test::has<Users>(world_.events) || test::has<RoomList>(world_.events));
}

TEST_F(MemberRooms, OverwrittenLinesAreReportedAsMissedInTheirRoom) {
  enter_rooms({"lab", "pub"});
  world_.loss = 1;
  world_.say("lab", "bob", "lost");
  world_.overwrite("lab");
  world_.loss = 0;
  world_.say("lab", "bob", "next");
  ASSERT_TRUE(world_.run_until([&] { return !world_.lines_of("lab").empty(); }));
  EXPECT_THAT(world_.lines_of("lab"), ElementsAre("bob: next"));
  ASSERT_EQ(test::events_of<Missed>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Missed>(world_.events)->room.name, "lab");
}

TEST_F(MemberRooms, AResumedSessionKeepsItsRooms) {
  enter_rooms({"lab"});
  world_.resume_session();
  send(Say{.text = "hello", .room = "lab"});
  world_.say("lab", "bob", "meanwhile");
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("lab").size() == 2; }));
  EXPECT_TRUE(test::has<Reconnecting>(world_.events));
  EXPECT_EQ(test::events_of<RoomJoined>(world_.events).size(), 1U);
  EXPECT_EQ(test::events_of<Joined>(world_.events).size(), 1U);
}

TEST_F(MemberRooms, ANewSessionJoinsTheRoomsAgainWhereTheMemberWas) {
  enter_rooms({"lab", "pub"});
  for (const char* room : {"lab", "pub"}) world_.say(room, "bob", "first");
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("pub").size() == 1; }));
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("lab").size() == 1; }));
  world_.forget_session();
  for (const char* room : {"lab", "pub"}) world_.say(room, "bob", "second");
  send(Say{.text = "third", .room = "pub"});
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("pub").size() == 3; }));
  EXPECT_THAT(world_.lines_of("lab"), ElementsAre("bob: first", "bob: second"));
  EXPECT_THAT(world_.lines_of("pub"), ElementsAre("bob: first", "bob: second", "ada: third"));
  EXPECT_THAT(world_.carried_out(), ElementsAre("join lab", "join pub", "1 2 third"));
  const auto joined = test::events_of<RoomJoined>(world_.events);
  ASSERT_EQ(joined.size(), 4U);
  EXPECT_TRUE(joined[2].again && joined[3].again);
  EXPECT_FALSE(test::has<Missed>(world_.events));
}

TEST_F(MemberRooms, AMessageThatTheOldSessionCarriedOutIsNotSentAgain) {
  enter_rooms({"lab", "pub"});
  world_.ignores_commands = true;
  const auto first = send(Say{.text = "one", .room = "pub"});
  ASSERT_TRUE(world_.run_until([&] { return !world_.said_in("pub").empty(); }));
  const auto second = send(Say{.text = "two", .room = "lab"});
  world_.forget_session();
  world_.ignores_commands = false;
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_THAT(world_.said_in("pub"), ElementsAre("one"));
  EXPECT_THAT(world_.said_in("lab"), ElementsAre("two"));
  for (const std::uint64_t number : {first, second}) {
    EXPECT_EQ(
        std::ranges::count(test::events_of<Confirmed>(world_.events), number, &Confirmed::number),
        1);
  }
}

TEST_F(MemberRooms, ACommandThatTheOldSessionHasAnsweredIsNotSentAgain) {
  enter();
  lose_session_before_ack<RoomJoined>(MakeRoom{"lab"});
  EXPECT_THAT(world_.carried_out(), ElementsAre("join lab"));
  lose_session_before_ack<RoomLeft>(LeaveRoom{"lab"});
  EXPECT_THAT(world_.carried_out(), IsEmpty());
  EXPECT_THAT(refusals(), IsEmpty());
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).size(), 2U);
}

TEST_F(MemberRooms, TheRoomLimitCountsRoomsThatWaitForTheirRejoin) {
  enter();
  const auto put_joined = [&](std::string_view prefix, wire::RoomId first) {
    for (std::uint8_t i = 0; i < wire::kMaxRoomStreams; ++i) {
      const auto stream = static_cast<std::uint8_t>(wire::kFirstRoomStream + i);
      const wire::RoomId room = first + i;
      std::array<std::byte, 64> text{};
      wire::ByteWriter out{text};
      encode(out, wire::JoinedRoom{.stream = stream, .room = room});
      world_.put_in_mailbox(wire::RecordKind::joined, std::string{prefix} + std::to_string(i),
                            {reinterpret_cast<const char*>(out.written().data()), out.size()});
    }
  };
  const auto joined = [&] { return test::events_of<RoomJoined>(world_.events).size(); };
  put_joined("a", 100);
  ASSERT_TRUE(world_.run_until([&] { return joined() == wire::kMaxRoomStreams; }));
  world_.forget_session();
  ASSERT_TRUE(world_.run_until([&] { return test::events_of<Joined>(world_.events).size() == 2; }));
  put_joined("b", 200);
  ASSERT_TRUE(world_.run_until([&] { return world_.carried_out().size() == joined(); }));
  world_.run_for(seconds{1});
  EXPECT_EQ(joined(), wire::kMaxRoomStreams);
}

TEST_F(MemberRooms, ARoomThatIsGoneInANewSessionIsReportedOnceAndItsMessagesAreRefused) {
  enter_rooms({"lab", "pub"});
  world_.forget_session();
  send(Say{.text = "one", .room = "lab"});
  send(Say{.text = "two", .room = "pub"});
  world_.drop("lab");
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  const auto left = test::events_of<RoomLeft>(world_.events);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].room.name, "lab");
  EXPECT_EQ(left[0].code, "no_such_room");
  EXPECT_THAT(refusals(), ElementsAre("not_in_room"));
  EXPECT_THAT(world_.said_in("pub"), ElementsAre("two"));
}

TEST_F(MemberRooms, AnotherRoomOfTheSameNameGetsNoMessageOfTheOldOne) {
  enter_rooms({"lab"});
  world_.forget_session();
  send(Say{.text = "between us", .room = "lab"});
  world_.drop("lab");
  world_.make("lab");
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_THAT(refusals(), ElementsAre("not_in_room"));
  EXPECT_THAT(world_.said_in("lab"), IsEmpty());
  EXPECT_FALSE(test::has<Missed>(world_.events));
  const auto left = test::first_of<RoomLeft>(world_.events);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->room.id, 1U);
  EXPECT_EQ(left->code, "no_such_room");
  const auto joined = test::events_of<RoomJoined>(world_.events).back();
  EXPECT_EQ(joined.room.id, 2U);
  EXPECT_FALSE(joined.again);
  send(Say{.text = "hello all", .room = "lab"});
  ASSERT_TRUE(world_.run_until([&] { return !world_.said_in("lab").empty(); }));
}

TEST_F(MemberRooms, ARoomThatWasRenamedMeanwhileIsJoinedAgainUnderItsNewName) {
  enter_rooms({"lab"});
  world_.say("lab", "bob", "first");
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("lab").size() == 1; }));
  world_.forget_session();
  world_.rename("lab", "hall");
  world_.say("hall", "bob", "second");
  send(Say{.text = "third", .room = "lab"});
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_TRUE(world_.run_until([&] { return world_.lines_of("hall").size() == 2; }));
  EXPECT_THAT(world_.lines_of("hall"), ElementsAre("bob: second", "ada: third"));
  EXPECT_THAT(refusals(), IsEmpty());
  EXPECT_FALSE(test::has<Missed>(world_.events));
  EXPECT_FALSE(test::has<RoomLeft>(world_.events));
  const auto renamed = test::first_of<RoomRenamed>(world_.events);
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->before, "lab");
  EXPECT_EQ(renamed->room.name, "hall");
  EXPECT_TRUE(test::events_of<RoomJoined>(world_.events).back().again);
}

// A message is never sent to the other room, and later ones are sent.
TEST_F(MemberRooms, RoomsThatHaveExchangedTheirNamesMeanwhileGetNoMessageOfEachOther) {
  enter_rooms({"lab", "pub"});
  world_.forget_session();
  world_.rename("lab", "hall");
  world_.rename("pub", "lab");
  world_.rename("hall", "pub");
  send(Say{.text = "to the old lab", .room = "lab"});
  send(Say{.text = "to the old pub", .room = "pub"});
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_THAT(refusals(), ElementsAre("not_in_room", "not_in_room"));
  EXPECT_EQ(test::events_of<RoomLeft>(world_.events).size(), 2U);
  send(Say{.text = "hello", .room = "lab"});
  send(Say{.text = "hello", .room = "pub"});
  ASSERT_TRUE(all_is_confirmed());
  for (const char* room : {"lab", "pub"}) EXPECT_THAT(world_.said_in(room), ElementsAre("hello"));
}

TEST_F(MemberRooms, InANewHistoryMessagesGoToTheRoomOfTheirNameAndNotOfTheirId) {
  enter_rooms({"lab", "pub"});
  world_.begin_history();
  world_.make("pub");  // with the id that "lab" had
  world_.make("lab");
  send(Say{.text = "to lab", .room = "lab"});
  send(Say{.text = "to pub", .room = "pub"});
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_THAT(world_.said_in("lab"), ElementsAre("to lab"));
  EXPECT_THAT(world_.said_in("pub"), ElementsAre("to pub"));
  EXPECT_EQ(test::events_of<Missed>(world_.events).size(), 1U) << "of the default room";
}

TEST_F(MemberRooms, WithoutAReplayOldLinesOfARoomAreNotReported) {
  RoomWorld world{2, false};
  world.make("lab");
  world.say("lab", "bob", "before");
  world.member.start(world.now());
  ASSERT_TRUE(world.run_until([&] { return world.member.is_joined(); }));
  world.member.send(JoinRoom{"lab"}, world.now());
  ASSERT_TRUE(world.run_until([&] { return world.member.unconfirmed() == 0; }));
  world.say("lab", "bob", "after");
  ASSERT_TRUE(world.run_until([&] { return !world.lines_of("lab").empty(); }));
  EXPECT_THAT(world.lines_of("lab"), ElementsAre("bob: after"));
}

}  // namespace
}  // namespace chatd::client
