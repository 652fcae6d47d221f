// SPDX-License-Identifier: GPL-3.0-or-later
// A command that names a user carries the person that the member last saw under the name.
#include <gmock/gmock.h>

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
  EXPECT_THAT(world_.carried_out(), ElementsAre("letter bob 0", "letter BOB 7", "letter bob 8"));
  EXPECT_EQ(lines(wire::RecordKind::join).front().text, "");
}

TEST_F(MemberPersonsTest, AReplayedJoinIsNotUsed) {
  world_.join("bob", 7);
  enter();
  world_.run_for(std::chrono::seconds{1});
  EXPECT_TRUE(lines(wire::RecordKind::join).front().replay);
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("letter bob 0"));
}

TEST_F(MemberPersonsTest, AfterARefusalTheNextOneIsForWhoeverHasTheName) {
  enter();
  see_join("bob", 13);
  write_to("bob");
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "other_person");
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("letter bob 13", "letter bob 0"));
}

TEST_F(MemberPersonsTest, AnAnswerIsForThePersonThatHasWritten) {
  enter();
  see_join("bob", 7);
  world_.put_in_mailbox(wire::RecordKind::letter, "bob", "psst");
  ASSERT_TRUE(world_.run_until([&] { return !lines(wire::RecordKind::letter).empty(); }));
  const Line received = lines(wire::RecordKind::letter).front();
  EXPECT_EQ(received.person, 7U);
  see_join("bob", 8);
  send(Direct{.name = "bob", .text = "yes", .person = received.person});
  ASSERT_TRUE(all_is_confirmed());
  write_to("bob");
  EXPECT_THAT(world_.carried_out(), ElementsAre("letter bob 7", "letter bob 8"));
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
  EXPECT_THAT(world_.carried_out(), ElementsAre("letter bob 13", "letter bob 7"));
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

}  // namespace
}  // namespace chatd::client
