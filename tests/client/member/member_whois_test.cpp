// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about users, with a small server that answers them.
#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

class MemberWhois : public MemberInRooms {
 protected:
  MemberAbout answer() { return test::first_of<MemberAbout>(world_.events).value(); }
};

TEST_F(MemberWhois, IsAnsweredByOneEvent) {
  enter();
  world_.member.ask_member(world_.now(), "bob");
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_EQ(test::events_of<MemberAbout>(world_.events).size(), 1U);
  EXPECT_EQ(answer().name, "bob");
  EXPECT_EQ(answer().list, "name\tbob\nprotocol\ttext");
  EXPECT_EQ(answer().code + answer().text, "");
  EXPECT_FALSE(test::has<Confirmed>(world_.events)) << "the answer is the report";
}

TEST_F(MemberWhois, ARefusalIsTheAnswer) {
  enter();
  world_.member.ask_member(world_.now(), "zoe");
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(answer().name, "zoe");
  EXPECT_EQ(answer().code, "no_such_member");
  EXPECT_EQ(answer().list, "");
  EXPECT_FALSE(test::has<Refused>(world_.events));
}

TEST_F(MemberWhois, ANameThatNobodyCanHaveIsNotSent) {
  enter();
  world_.member.ask_member(world_.now(), std::string(65, 'x'));
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(answer().code, "no_such_member");
  EXPECT_LE(answer().name.size(), 64U);
  EXPECT_THAT(world_.carried_out(), ElementsAre());
}

TEST_F(MemberWhois, IsAskedOnceMoreIfTheSessionIsLost) {
  enter();
  world_.ignores_commands = true;
  world_.member.ask_member(world_.now(), "bob");
  world_.run_for(seconds{1});
  world_.forget_session();
  world_.ignores_commands = false;
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_EQ(answer().list, "name\tbob\nprotocol\ttext");
}

// Each part would cause another command.
TEST_F(MemberWhois, AnAnswerThatPromisesFurtherPartsIsWhole) {
  enter();
  world_.whois_slot = 1;
  world_.member.ask_member(world_.now(), "bob");
  ASSERT_TRUE(all_is_confirmed());
  world_.run_for(seconds{10});
  EXPECT_EQ(test::events_of<MemberAbout>(world_.events).size(), 1U);
  EXPECT_THAT(world_.carried_out(), ElementsAre("whois bob"));
}

TEST_F(MemberWhois, AnAnswerToNoQuestionIsIgnored) {
  enter();
  for (int i = 0; i < 100; ++i) {
    world_.put_in_mailbox(wire::RecordKind::whois, "bob", "name\tbob");
  }
  world_.say("", "bob", "hello");
  world_.run_for(seconds{5});
  EXPECT_FALSE(test::has<MemberAbout>(world_.events));
}

// --- being away ----------------------------------------------------------------------------

TEST_F(MemberWhois, ACommandToBeAwayIsConfirmedBehindItsAnswer) {
  enter();
  const auto number = send(SetAway{"lunch"});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("away lunch"));
  const auto away = test::first_of<MemberAway>(world_.events).value();
  EXPECT_EQ(away.name, "");
  EXPECT_EQ(away.text, "lunch");
  EXPECT_EQ(test::first_of<Confirmed>(world_.events)->number, number);
  send(SetAway{});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_TRUE(test::has<MemberBack>(world_.events));
}

TEST_F(MemberWhois, AnotherMemberThatIsAwayIsReported) {
  enter();
  world_.put_in_mailbox(wire::RecordKind::away, "bob", "lunch");
  ASSERT_TRUE(world_.run_until([&] { return test::has<MemberAway>(world_.events); }));
  EXPECT_EQ(test::first_of<MemberAway>(world_.events)->name, "bob");
  EXPECT_EQ(test::first_of<MemberAway>(world_.events)->text, "lunch");
}

}  // namespace
}  // namespace chatd::client
