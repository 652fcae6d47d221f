// SPDX-License-Identifier: GPL-3.0-or-later
// Changes in rooms, with a small server that has rooms.
#include <array>

#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

class MemberModeration : public MemberInRooms {
 protected:
  void enter_lab() { enter_rooms({"lab"}); }
  bool gets_line(RecordKind kind) {
    return world_.run_until([&] { return !lines(kind).empty(); });
  }
};

TEST_F(MemberModeration, OrdersReachTheRoomAndAreConfirmed) {
  enter_lab();
  send(SetTopic{.topic = "tea", .room = "LAB"});
  send(SetProperty{.property = RoomProperty::slow, .value = 30, .room = "lab"});
  send(Moderate{.action = ModerateAction::ban,
                .name = "bob",
                .seconds = 60,
                .reason = "noise",
                .room = "lab"});
  send(SetTopic{.topic = "of all"});
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_TRUE(world_.run_until([&] { return lines(RecordKind::topic).size() == 2; }));
  EXPECT_THAT(world_.carried_out(),
              ElementsAre("join lab", "10 1 tea", "11 1 ", "12 1 ", "10 0 of all"));
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).size(), 5U);
  const auto set = wire::read_setting(lines(RecordKind::set).at(0).text).value();
  EXPECT_EQ(set.property, RoomProperty::slow);
  EXPECT_EQ(set.value, 30);
  const Line line = lines(RecordKind::moderated).at(0);
  EXPECT_TRUE(line.own);
  EXPECT_EQ(line.room.name, "lab");
  const auto ban = wire::read_moderation(line.text).value();
  EXPECT_EQ(ban.action, ModerateAction::ban);
  EXPECT_EQ(ban.seconds, 60U);
  EXPECT_EQ(ban.name, "bob");
  EXPECT_EQ(ban.reason, "noise");
}

TEST_F(MemberModeration, ALineIsTakenBackByItsNumberOrAsTheLastOne) {
  enter_lab();
  send(EraseLine{.number = 4, .room = "lab"});
  send(EraseLine{});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("join lab", "20 1 ", "20 0 "));
}

TEST_F(MemberModeration, AnOrderForARoomThatItIsNotInIsRefused) {
  enter_lab();
  send(SetTopic{.topic = "tea", .room = "pub"});
  send(SetProperty{.property = RoomProperty::hidden, .value = 1, .room = "pub"});
  send(Moderate{.action = ModerateAction::kick, .name = "bob", .room = "pub"});
  world_.run_for(seconds{1});
  const auto refusals = test::events_of<Refused>(world_.events);
  ASSERT_EQ(refusals.size(), 3U);
  for (const Refused& one : refusals) EXPECT_EQ(one.code, "not_in_room");
  EXPECT_EQ(world_.carried_out().size(), 1U);
}

// The beginning of a long name may be the name of another member.
TEST_F(MemberModeration, ANameIsNotCutAndAReasonIsCutBetweenTwoCharacters) {
  enter_lab();
  std::string reason;
  while (reason.size() <= wire::kMaxModerationReason) reason += "é";
  send(Moderate{.action = ModerateAction::kick,
                .name = std::string(wire::kMaxNameBytes, 'x'),
                .reason = reason + "x",
                .room = "lab"});
  const auto number = send(Moderate{.action = ModerateAction::kick,
                                    .name = std::string(wire::kMaxNameBytes + 1, 'x'),
                                    .room = "lab"});
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_TRUE(gets_line(RecordKind::moderated));
  const Line line = lines(RecordKind::moderated).at(0);
  const auto kick = wire::read_moderation(line.text).value();
  EXPECT_EQ(kick.name.size(), wire::kMaxNameBytes);
  EXPECT_EQ(kick.reason, reason.substr(0, wire::kMaxModerationReason));
  ASSERT_EQ(test::events_of<Refused>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->number, number);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "no_such_member");
}

TEST_F(MemberModeration, AnOrderThatTheOldSessionCarriedOutIsNotSentAgain) {
  enter_lab();
  world_.ignores_commands = true;
  const auto number = send(SetTopic{.topic = "tea", .room = "lab"});
  world_.run_for(seconds{1});
  world_.forget_session();
  world_.ignores_commands = false;
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{1});
  EXPECT_THAT(world_.carried_out(), ElementsAre("join lab"));
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).back().number, number);
  EXPECT_EQ(lines(RecordKind::topic).size(), 1U);
}

TEST_F(MemberModeration, TheFactsAboutARoomComeWhole) {
  enter_lab();
  world_.member.ask_about(world_.now(), "LAB");
  world_.member.ask_about(world_.now(), "");
  ASSERT_TRUE(
      world_.run_until([&] { return test::events_of<RoomAbout>(world_.events).size() == 2; }));
  const auto answers = test::events_of<RoomAbout>(world_.events);
  EXPECT_EQ(answers[0].room, "lab");
  EXPECT_EQ(answers[1].room, "");
  for (const RoomAbout& one : answers) {
    EXPECT_EQ(one.list, "topic\ttea\nowner\tada");
    EXPECT_EQ(one.code, "");
  }
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).size(), 1U) << "of the join";
}

TEST_F(MemberModeration, AQuestionAboutARoomThatItIsNotInIsAnsweredWithARefusal) {
  enter_lab();
  world_.member.ask_about(world_.now(), "pub");
  world_.run_for(seconds{1});
  ASSERT_EQ(test::events_of<RoomAbout>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<RoomAbout>(world_.events)->room, "pub");
  EXPECT_EQ(test::first_of<RoomAbout>(world_.events)->code, "not_in_room");
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

TEST_F(MemberModeration, AnInvitationIsReported) {
  enter_lab();
  world_.put_in_mailbox(RecordKind::invited, "pub", "bob");
  ASSERT_TRUE(world_.run_until([&] { return test::has<RoomInvited>(world_.events); }));
  EXPECT_EQ(test::first_of<RoomInvited>(world_.events)->room, "pub");
  EXPECT_EQ(test::first_of<RoomInvited>(world_.events)->name, "bob");
}

TEST_F(MemberModeration, AnInvitationToARoomThatItIsInIsNotReported) {
  enter_lab();
  world_.put_in_mailbox(RecordKind::invited, "LAB", "bob");
  world_.put_in_mailbox(RecordKind::invited, "pub", "bob");
  ASSERT_TRUE(world_.run_until([&] { return test::has<RoomInvited>(world_.events); }));
  EXPECT_EQ(test::first_of<RoomInvited>(world_.events)->room, "pub");
}

class RenamedRoom : public MemberModeration {
 protected:
  void rename(std::string_view before, std::string_view name) {
    const Line line = set_by("bob", {.property = RoomProperty::name, .name = name});
    world_.put_in_room(before, RecordKind::set, "bob", line.text);
  }
  // Renames the room in its log and in the server's table, in which a join finds it.
  void rename_lab() {
    rename("lab", "lab-x7");
    world_.rename("lab", "lab-x7");
    ASSERT_TRUE(world_.run_until([&] { return renames() == 1; }));
  }
  std::size_t renames() { return test::events_of<RoomRenamed>(world_.events).size(); }
};

TEST_F(RenamedRoom, HasItsNewNameInEventsAndOrders) {
  enter_lab();
  rename("lab", "lab-x7");
  ASSERT_TRUE(world_.run_until([&] { return renames() == 1; }));
  const auto renamed = test::first_of<RoomRenamed>(world_.events).value();
  EXPECT_EQ(renamed.before, "lab");
  EXPECT_EQ(renamed.room, (RoomRef{.id = 1, .name = "lab-x7"}));
  EXPECT_EQ(lines(RecordKind::set).at(0).room.name, "lab");
  send(Say{.text = "hello", .room = "lab-x7"});
  ASSERT_TRUE(gets_line(RecordKind::say));
  EXPECT_EQ(lines(RecordKind::say).at(0).room.name, "lab-x7");
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

// The terminal process has sent the order before it read of the new name.
TEST_F(RenamedRoom, ReceivesOrdersWithItsFormerName) {
  enter_lab();
  rename_lab();
  send(Say{.text = "hello", .room = "LAB"});
  ASSERT_TRUE(gets_line(RecordKind::say));
  EXPECT_EQ(lines(RecordKind::say).at(0).room.name, "lab-x7");
  world_.forget_session();
  world_.run_for(seconds{5});
  send(Say{.text = "again", .room = "lab"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

TEST_F(RenamedRoom, LosesItsFormerNameToARoomThatHasIt) {
  enter_lab();
  rename_lab();
  world_.make("lab");
  send(JoinRoom{"lab"});
  ASSERT_TRUE(all_is_confirmed());
  send(Say{.text = "hello", .room = "lab"});
  ASSERT_TRUE(gets_line(RecordKind::say));
  EXPECT_EQ(lines(RecordKind::say).at(0).room, (RoomRef{.id = 2, .name = "lab"}));
}

TEST_F(RenamedRoom, IsNamedInTheAnswerToAnEarlierQuestion) {
  enter_lab();
  world_.reads_asks_for_more = false;
  world_.member.ask_about(world_.now(), "lab");
  world_.run_for(seconds{1});
  rename_lab();
  world_.reads_asks_for_more = true;
  ASSERT_TRUE(world_.run_until([&] { return test::has<RoomAbout>(world_.events); }));
  EXPECT_EQ(test::first_of<RoomAbout>(world_.events)->room, "lab-x7");
}

TEST_F(RenamedRoom, IsNotASecondRoomIfTheAnswerToAJoinHasItsNewName) {
  enter_lab();
  world_.rename("lab", "lab-x7");
  send(JoinRoom{"lab-x7"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(renames(), 1U);
  EXPECT_TRUE(test::events_of<RoomJoined>(world_.events).back().again);
  rename("lab-x7", "lab-x7");
  send(Say{.text = "hello", .room = "lab-x7"});
  ASSERT_TRUE(gets_line(RecordKind::say));
  EXPECT_EQ(renames(), 1U) << "the record of it is late";
}

TEST_F(RenamedRoom, HasNoNameOfAReplayedRecord) {
  world_.make("lab");
  rename("lab", "older");
  world_.member.start(world_.now());
  ASSERT_TRUE(world_.run_until([&] { return world_.member.is_joined(); }));
  send(JoinRoom{"lab"});
  ASSERT_TRUE(gets_line(RecordKind::set));
  EXPECT_EQ(renames(), 0U);
  send(Say{.text = "hello", .room = "lab"});
  ASSERT_TRUE(gets_line(RecordKind::say));
}

TEST_F(RenamedRoom, DoesNotGetTheNameOfAnotherRoom) {
  enter_lab();
  world_.make("pub");
  send(JoinRoom{"pub"});
  ASSERT_TRUE(all_is_confirmed());
  rename("lab", "PUB");
  rename("lab", "LAB");
  ASSERT_TRUE(world_.run_until([&] { return renames() == 1; }));
  EXPECT_EQ(test::first_of<RoomRenamed>(world_.events)->room.name, "LAB");
}

TEST_F(MemberModeration, RecordsOfAHostileServerEndNothing) {
  enter_lab();
  for (const std::string_view text : {std::string_view{}, std::string_view{"\5\0\0", 3},
                                      std::string_view{"\xff\xff\xff\xff\xff\xff"}}) {
    for (const auto kind : {RecordKind::topic, RecordKind::set, RecordKind::moderated}) {
      world_.put_in_room("lab", kind, "", text);
      world_.put_in_room("", kind, "", text);
    }
    for (const auto kind : {RecordKind::invited, RecordKind::about, RecordKind::sent,
                            RecordKind::program, RecordKind::programs}) {
      world_.put_in_mailbox(kind, "", text, 1);
    }
  }
  world_.say("lab", "bob", "after");
  ASSERT_TRUE(world_.run_until([&] { return !world_.lines_of("lab").empty(); }));
  EXPECT_FALSE(world_.member.has_ended());
  EXPECT_FALSE(test::has<RoomAbout>(world_.events)) << "nothing was asked";
  EXPECT_FALSE(test::has<ProgramList>(world_.events));
  EXPECT_FALSE(test::has<RoomRenamed>(world_.events));
}

}  // namespace
}  // namespace chatd::client
