// SPDX-License-Identifier: GPL-3.0-or-later
// The other programs of a member, with a small server that has them.
#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using wire::RecordKind;

class MemberPrograms : public MemberInRooms {
 protected:
  std::uint64_t end(std::uint32_t program) { return send(EndProgram{program}); }
};

TEST_F(MemberPrograms, AreListedWhole) {
  enter();
  world_.member.ask_programs(world_.now());
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_EQ(test::events_of<ProgramList>(world_.events).size(), 1U);
  const auto programs = test::first_of<ProgramList>(world_.events).value();
  EXPECT_EQ(programs.list, "1\there\t9\t0\tthis\n7\tthere\t8\t60");
  EXPECT_EQ(programs.ended, std::nullopt);
  EXPECT_EQ(programs.code + programs.text, "");
  EXPECT_FALSE(test::has<Confirmed>(world_.events)) << "the list is the answer";
}

TEST_F(MemberPrograms, WithoutOneThatIsEndedAreListedWhole) {
  enter();
  const auto number = end(2);
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("end 2", "programs 1"));
  ASSERT_EQ(test::events_of<ProgramList>(world_.events).size(), 1U);
  const auto programs = test::first_of<ProgramList>(world_.events).value();
  EXPECT_EQ(programs.list, "1\there\t9\t0\tthis\n7\tthere\t8\t60");
  EXPECT_EQ(programs.ended, 2U);
  ASSERT_EQ(test::events_of<Confirmed>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Confirmed>(world_.events)->number, number);
}

TEST_F(MemberPrograms, ThatDoNotExistCannotBeEnded) {
  enter();
  const auto number = end(1);
  ASSERT_TRUE(all_is_confirmed());
  ASSERT_EQ(test::events_of<Refused>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->number, number);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "no_such_program");
  EXPECT_FALSE(test::has<ProgramList>(world_.events) || test::has<Confirmed>(world_.events));
}

TEST_F(MemberPrograms, AreEndedOnceIfTheSessionIsResumed) {
  enter();
  world_.ignores_commands = true;
  end(2);
  world_.run_for(seconds{1});
  world_.resume_session();
  world_.ignores_commands = false;
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("end 2", "programs 1"));
  EXPECT_EQ(test::first_of<ProgramList>(world_.events)->ended, 2U);
  EXPECT_EQ(test::events_of<Confirmed>(world_.events).size(), 1U);
}

// Another program may have the number there.
TEST_F(MemberPrograms, AreNotEndedInAnotherSession) {
  enter();
  world_.ignores_commands = true;
  const auto number = end(2);
  world_.run_for(seconds{1});
  world_.forget_session();
  world_.ignores_commands = false;
  world_.member.say("after", world_.now());
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("1 0 after"));
  ASSERT_EQ(test::events_of<Refused>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->number, number);
  EXPECT_EQ(test::first_of<Refused>(world_.events)->code, "not_confirmed");
}

TEST_F(MemberPrograms, AreListedInAnotherSession) {
  enter();
  world_.reads_asks_for_more = false;
  end(2);
  world_.run_for(seconds{1});
  world_.forget_session();
  world_.reads_asks_for_more = true;
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_FALSE(test::has<Refused>(world_.events));
  EXPECT_EQ(test::first_of<ProgramList>(world_.events)->ended, 2U);
}

TEST_F(MemberPrograms, AreReportedWhenTheyLogIn) {
  enter();
  world_.put_in_mailbox(RecordKind::program, "", "192.0.2.1:50000", 7);
  ASSERT_TRUE(world_.run_until([&] { return test::has<OtherProgram>(world_.events); }));
  const auto program = test::first_of<OtherProgram>(world_.events).value();
  EXPECT_EQ(program.address, "192.0.2.1:50000");
  EXPECT_EQ(program.number, 7U);
  EXPECT_GT(program.time, WallTime{seconds{1000}});
}

TEST_F(MemberPrograms, ThatSendADirectMessageShowItAsAnOwnOne) {
  enter();
  world_.put_in_mailbox(RecordKind::sent, "bob", "psst", 9);
  ASSERT_TRUE(world_.run_until([&] { return !lines(RecordKind::direct).empty(); }));
  const Line line = lines(RecordKind::direct).at(0);
  EXPECT_EQ(line.name, "bob");
  EXPECT_EQ(line.text, "psst");
  EXPECT_TRUE(line.own);
  EXPECT_FALSE(line.replay);
}

TEST_F(MemberPrograms, ThatWriteToTheirOwnMemberShowItAsAnOwnMessage) {
  enter();
  world_.put_in_mailbox(RecordKind::direct, "ADA", "note", 9);
  world_.put_in_mailbox(RecordKind::direct, "bob", "psst", 9);
  ASSERT_TRUE(world_.run_until([&] { return lines(RecordKind::direct).size() == 2; }));
  EXPECT_TRUE(lines(RecordKind::direct).at(0).own);
  EXPECT_FALSE(lines(RecordKind::direct).at(1).own);
}

// RoomWorld gives these lines another slot.
TEST_F(MemberPrograms, HaveOwnLinesThatConfirmNothing) {
  world_.say("", "ada", "before");
  enter();
  world_.acknowledges = false;
  world_.ignores_commands = true;
  world_.member.say("hello", world_.now());
  world_.run_for(seconds{1});
  world_.say("", "ADA", "hello");
  world_.say("", "bob", "hello");
  ASSERT_TRUE(world_.run_until([&] { return lines(RecordKind::say).size() == 4; }));
  std::vector<std::pair<std::string, bool>> own;
  for (const Line& line : lines(RecordKind::say)) own.emplace_back(line.name, line.own);
  EXPECT_THAT(own, ElementsAre(std::pair{"ada", false}, std::pair{"ada", true},
                               std::pair{"ADA", true}, std::pair{"bob", false}));
  EXPECT_FALSE(test::has<Confirmed>(world_.events));
  EXPECT_EQ(world_.member.unconfirmed(), 1U);
}

TEST_F(MemberPrograms, ThatWereNotAskedForAreIgnored) {
  enter();
  for (int i = 0; i < 100; ++i) world_.put_in_mailbox(RecordKind::programs, "", "2\tthere", 1);
  world_.run_for(seconds{10});
  EXPECT_TRUE(world_.carried_out().empty());
  EXPECT_FALSE(test::has<ProgramList>(world_.events));
}

}  // namespace
}  // namespace chatd::client
