// SPDX-License-Identifier: GPL-3.0-or-later
// A command that names a user carries the person that the member last saw under the name.
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>

#include "common/wire/native/named_person.hpp"
#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

class MemberPersonsTest : public MemberInRooms {
 protected:
  void see_join(std::string_view name, std::uint64_t person) {
    const std::size_t before = lines(wire::RecordKind::join).size();
    world_.join(name, person);
    ASSERT_TRUE(world_.run_until([&] { return lines(wire::RecordKind::join).size() > before; }));
  }
  void write_to(std::string_view name) {
    send(Direct{.name = std::string{name}, .text = "psst"});
    ASSERT_TRUE(all_is_confirmed());
  }
};

TEST_F(MemberPersonsTest, ADirectMessageIsForThePersonThatJoinedLast) {
  enter();
  write_to("bob");
  see_join("bob", 7);
  write_to("BOB");
  see_join("Bob", 8);
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 0", "direct BOB 7", "direct bob 8"));
  EXPECT_EQ(lines(wire::RecordKind::join).front().text, "");
}

TEST_F(MemberPersonsTest, AReplayedJoinIsNotUsed) {
  world_.join("bob", 7);
  enter();
  world_.run_for(std::chrono::seconds{1});
  EXPECT_TRUE(lines(wire::RecordKind::join).front().replay);
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 0"));
}

TEST_F(MemberPersonsTest, AfterARefusalTheNextOneIsForWhoeverHasTheName) {
  enter();
  see_join("bob", 13);
  write_to("bob");
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "other_person");
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 13", "direct bob 0"));
}

TEST_F(MemberPersonsTest, AnAnswerIsForThePersonThatHasWritten) {
  enter();
  see_join("bob", 7);
  world_.put_in_mailbox(wire::RecordKind::direct, "bob", "psst");
  ASSERT_TRUE(world_.run_until([&] { return !lines(wire::RecordKind::direct).empty(); }));
  const Line received = lines(wire::RecordKind::direct).front();
  EXPECT_EQ(received.person, 7U);
  see_join("bob", 8);
  send(Direct{.name = "bob", .text = "yes", .person = received.person});
  ASSERT_TRUE(all_is_confirmed());
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 7", "direct bob 8"));
}

TEST_F(MemberPersonsTest, AnInvitationHasThePersonOfTheMemberThatInvites) {
  enter();
  see_join("bob", 7);
  world_.put_in_mailbox(wire::RecordKind::invited, "lab", "bob");
  ASSERT_TRUE(world_.run_until([&] { return test::has<RoomInvited>(world_.events); }));
  EXPECT_EQ(test::first_of<RoomInvited>(world_.events)->person, 7U);
}

// The refusal says nothing about the person that the member has seen under the name.
TEST_F(MemberPersonsTest, ARefusedAnswerForgetsNoPerson) {
  enter();
  see_join("bob", 7);
  send(Direct{.name = "bob", .text = "yes", .person = 13});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "other_person");
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 13", "direct bob 7"));
}

TEST_F(MemberPersonsTest, ALineHasThePersonThatWasSeenUnderTheName) {
  world_.say("", "bob", "before");
  enter();
  world_.say("", "bob", "hello");
  see_join("bob", 7);
  world_.say("", "BOB", "hello");
  ASSERT_TRUE(world_.run_until([&] { return lines(wire::RecordKind::say).size() == 3; }));
  std::vector<std::uint64_t> persons;
  for (const Line& line : lines(wire::RecordKind::say)) persons.push_back(line.person);
  EXPECT_THAT(persons, ElementsAre(0U, 0U, 7U));
}

TEST_F(MemberPersonsTest, LinesOfTextMembersAreMarked) {
  enter();
  see_join("tex", wire::kTextPerson + 1);
  see_join("bob", 7);
  world_.say_as_text_member("tex", "one");
  world_.say("", "bob", "two");
  world_.put_in_room("", wire::RecordKind::leave, "tex", "");
  world_.put_in_room("", wire::RecordKind::leave, "bob", "");
  ASSERT_TRUE(world_.run_until([&] { return lines(wire::RecordKind::leave).size() == 2; }));
  for (const auto kind : {wire::RecordKind::join, wire::RecordKind::say, wire::RecordKind::leave}) {
    const auto found = lines(kind);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_TRUE(found[0].text_member) << static_cast<int>(kind);
    EXPECT_FALSE(found[1].text_member) << static_cast<int>(kind);
  }
  EXPECT_FALSE(test::has<OtherPerson>(world_.events));
}

// The user must not take the line for one of the person that had the name.
TEST_F(MemberPersonsTest, AnotherPersonIsReportedBeforeItsFirstLine) {
  enter();
  see_join("bob", 7);
  see_join("bob", 8);
  world_.say_as_text_member("bob", "it is me");
  ASSERT_TRUE(world_.run_until([&] { return !lines(wire::RecordKind::say).empty(); }));
  std::vector<std::string> seen;
  for (const Event& event : world_.events) {
    if (const auto* other = std::get_if<OtherPerson>(&event)) {
      seen.emplace_back(other->has_key ? "other key" : "no key");
    }
    if (const auto* line = std::get_if<Line>(&event)) seen.push_back("line of " + line->name);
  }
  EXPECT_THAT(seen,
              ElementsAre("line of bob", "other key", "line of bob", "no key", "line of bob"));
}

TEST_F(MemberPersonsTest, ASpeakerIsNoLineAndSaysWhoHasTheName) {
  enter();
  see_join("bob", 7);
  world_.join("bob", 8, wire::RecordKind::speaker);
  world_.say("", "bob", "it is me");
  ASSERT_TRUE(world_.run_until([&] { return !lines(wire::RecordKind::say).empty(); }));
  EXPECT_TRUE(test::has<OtherPerson>(world_.events));
  EXPECT_TRUE(lines(wire::RecordKind::speaker).empty());
  EXPECT_EQ(lines(wire::RecordKind::say).front().person, 8U);
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 8"));
}

TEST_F(MemberPersonsTest, AnotherPersonThanInAnEarlierRunIsReported) {
  const WallTime before{std::chrono::hours{500'000}};
  world_.known_users = {{.name = "bob", .person = 7, .time = before}};
  enter();
  write_to("bob");
  see_join("bob", 8);
  const auto other = test::first_of<OtherPerson>(world_.events);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->person, 8U);
  EXPECT_EQ(other->last_seen, before);
  EXPECT_THAT(world_.carried_out(), ElementsAre("direct bob 7"));
}

// Else they would hide what this run has seen.
TEST_F(MemberPersonsTest, UsersOfEarlierRunsAreReadOnce) {
  world_.known_users = {{.name = "bob", .person = 7}};
  enter();
  see_join("bob", 8);
  world_.forget_session();
  ASSERT_TRUE(world_.run_until([&] { return test::events_of<Joined>(world_.events).size() == 2; }));
  see_join("bob", 8);
  EXPECT_EQ(test::events_of<OtherPerson>(world_.events).size(), 1U);
}

// The record of a leave does not say it; the records of this name before it do.
TEST_F(MemberPersonsTest, TheLeaveOfATextMemberIsMarkedInAReplay) {
  world_.join("tex", wire::kTextPerson + 1);
  world_.say_as_text_member("joe", "hello");  // its join was only counted
  world_.join("bob", wire::kTextPerson + 2);
  world_.put_in_room("", wire::RecordKind::leave, "bob", "");
  world_.join("bob", 7);
  for (const char* name : {"TEX", "joe", "bob", "bob", "joe"}) {
    world_.put_in_room("", wire::RecordKind::leave, name, "");
  }
  enter();
  world_.run_for(std::chrono::seconds{1});
  std::string marks;
  for (const Line& line : lines(wire::RecordKind::leave)) marks += line.text_member ? '~' : '-';
  EXPECT_EQ(marks, "~~~---") << "bob, TEX and joe as text members; bob with a key; two not known";
}

TEST_F(MemberPersonsTest, ALeaveInTheReplayOfAnotherRoomIsOfAnotherMember) {
  enter();
  world_.make("lab");
  world_.join("tex", wire::kTextPerson + 1);
  world_.put_in_room("lab", wire::RecordKind::leave, "tex", "");
  join("lab");
  world_.run_for(std::chrono::seconds{1});
  ASSERT_EQ(lines(wire::RecordKind::leave).size(), 1U);
  EXPECT_FALSE(lines(wire::RecordKind::leave).front().text_member);
}

// A replay can be older than the list of members.
TEST_F(MemberPersonsTest, AReplayReportsNobody) {
  world_.join("bob", 7);
  world_.join("bob", 9, wire::RecordKind::speaker);
  world_.join("bob", 8);
  world_.say_as_text_member("bob", "hello");
  enter();
  world_.run_for(std::chrono::seconds{1});
  EXPECT_TRUE(lines(wire::RecordKind::say).front().text_member);
  EXPECT_FALSE(test::has<OtherPerson>(world_.events));
}

}  // namespace
}  // namespace chatd::client
