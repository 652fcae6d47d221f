// SPDX-License-Identifier: GPL-3.0-or-later
// Requests about an owned name, with a small server.
#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using wire::RecordKind;

class MemberOwn : public MemberInRooms {};

TEST_F(MemberOwn, ARequestIsSentAndItsAnswerIsReportedBeforeItIsConfirmed) {
  enter();
  const auto number = send(OwnOrder{.act = wire::OwnAct::claim, .label = std::string(40, 'x')});
  ASSERT_TRUE(all_is_confirmed());
  EXPECT_THAT(world_.carried_out(), ElementsAre("own " + std::string(32, 'x')));
  const auto news = test::events_of<OwnNews>(world_.events);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].name, "ada");
  EXPECT_EQ(news[0].facts, "event\tclaimed");
  EXPECT_TRUE(news[0].is_answer);
  ASSERT_EQ(test::events_of<Confirmed>(world_.events).size(), 1U);
  EXPECT_EQ(test::first_of<Confirmed>(world_.events)->number, number);
}

TEST_F(MemberOwn, NewsWithoutARequestAreNoAnswer) {
  enter();
  world_.put_in_mailbox(RecordKind::own, "ada", "event\tadded");
  world_.put_in_mailbox(RecordKind::device, "ada", "key\tx");
  ASSERT_TRUE(world_.run_until([&] { return test::has<DeviceAsks>(world_.events); }));
  EXPECT_FALSE(test::first_of<OwnNews>(world_.events)->is_answer);
  EXPECT_EQ(test::first_of<DeviceAsks>(world_.events)->facts, "key\tx");
}

// A code has one use, and the other device may have been asked.
TEST_F(MemberOwn, ARequestIsNotSentAgainInAnotherSession) {
  enter();
  world_.ignores_commands = true;
  const auto number = send(OwnOrder{.act = wire::OwnAct::use, .code = 7});
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

}  // namespace
}  // namespace chatd::client
