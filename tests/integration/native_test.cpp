// SPDX-License-Identifier: GPL-3.0-or-later
// native_test.cpp — native members and the real daemon.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/native_client.hpp"

namespace chatd::test {
namespace {

using client::End;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class Native : public ::testing::Test {
 protected:
  DaemonUnderTest daemon_;
  NativeClient alice_{daemon_.endpoint(), {.name = "alice"}};
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(Native, TwoMembersTalk) {
  alice_.enter();
  bob_.enter();
  alice_.await_line("+bob");
  alice_.say("hello bob");
  bob_.await_line("alice: hello bob");
  bob_.say("hello alice");
  alice_.await_line("bob: hello alice");
  EXPECT_THAT(alice_.lines(),
              ElementsAre("+alice", "+bob", "alice: hello bob", "bob: hello alice"));
}

TEST_F(Native, TextAndNativeMembersSeeTheSameConversation) {
  alice_.enter();
  TextClient carol{daemon_.endpoint(), TextClient::Kind::lines};
  carol.enter("carol");
  alice_.await_line("+carol");
  alice_.say("hello");
  EXPECT_EQ(carol.line(), "alice : hello");
  carol.send("C hi there");
  alice_.await_line("carol: hi there");
  alice_.member().act("waves", mono_now());
  alice_.await_line("* alice waves");
  EXPECT_EQ(carol.line(), "* alice waves");
}

TEST_F(Native, ATakenNameIsRefused) {
  alice_.enter();
  NativeClient other{daemon_.endpoint(), {.name = "Alice"}};
  other.member().start(mono_now());
  EXPECT_EQ(other.await<client::Ended>().reason, End::name_taken);
}

TEST_F(Native, TheSameKeyAndNameTakeOverTheSessionUnannounced) {
  alice_.enter();
  bob_.enter();
  alice_.await_line("+bob");
  NativeClient again{daemon_.endpoint(), {.name = "bob", .identity = bob_.identity()}};
  again.enter();
  again.say("from elsewhere");
  alice_.await_line("bob: from elsewhere");
  EXPECT_THAT(alice_.lines(), ElementsAre("+alice", "+bob", "bob: from elsewhere"));
}

TEST_F(Native, ANewMemberReceivesTheLastLines) {
  alice_.enter();
  alice_.say("first");
  alice_.say("second");
  bob_.enter();
  bob_.await_line("+bob");
  EXPECT_THAT(bob_.lines(), ElementsAre("alice: first", "alice: second", "+bob"));
}

TEST_F(Native, ADirectMessageReachesOneMemberOnly) {
  alice_.enter();
  bob_.enter();
  NativeClient carol{daemon_.endpoint(), {.name = "carol"}};
  carol.enter();
  alice_.member().write_to("bob", "psst", mono_now());
  alice_.await<client::Confirmed>();
  bob_.await_line("(alice) psst");
  alice_.say("aloud");
  carol.await_line("alice: aloud");
  EXPECT_THAT(carol.lines(), Not(Contains("(alice) psst")));
  alice_.member().write_to("nobody", "psst", mono_now());
  EXPECT_EQ(alice_.await<client::Refused>().code, "no_such_member");
}

TEST_F(Native, UsersAreListed) {
  alice_.enter();
  bob_.enter();
  alice_.member().ask_users(mono_now());
  EXPECT_EQ(alice_.await<client::Users>().list, "alice\nbob");
}

TEST_F(Native, QuitIsAnnouncedAtOnce) {
  alice_.enter();
  bob_.enter();
  bob_.member().quit(mono_now());
  EXPECT_EQ(bob_.await<client::Ended>().reason, End::quit);
  alice_.await_line("-bob");
}

TEST_F(Native, AKickedMemberReceivesTheReason) {
  alice_.enter();
  bob_.enter();
  ASSERT_EQ(daemon_.ctl({"kick", "bob", "spam"}).status, 0);
  const auto end = bob_.await<client::Ended>();
  EXPECT_EQ(end.reason, End::kicked);
  EXPECT_EQ(end.text, "spam");
  alice_.await_line("-bob");
}

TEST_F(Native, ASessionContinuesAtAnotherAddress) {
  alice_.enter();
  bob_.enter();
  bob_.say("from here");
  bob_.move();
  bob_.say("from there");
  alice_.await_line("bob: from there");
  alice_.say("welcome");
  bob_.await_line("alice: welcome");
  EXPECT_EQ(daemon_.counter("members_moved"), 1U);
  EXPECT_THAT(alice_.lines(), Not(Contains("-bob")));
}

TEST_F(Native, PacketLossLosesNoLine) {
  alice_.enter();
  bob_.enter();
  bob_.lose(0.2);
  std::vector<std::string> wanted;
  for (int i = 0; i < 15; ++i) {
    alice_.say("line " + std::to_string(i));
    wanted.push_back("alice: line " + std::to_string(i));
    bob_.pump(std::chrono::milliseconds{1});
  }
  bob_.await_line(wanted.back());
  std::vector<std::string> got;
  for (const auto& line : bob_.lines()) {
    if (line.starts_with("alice:")) got.push_back(line);
  }
  EXPECT_EQ(got, wanted);
}

TEST_F(Native, AKilledGatewayLosesNoMessage) {
  alice_.enter();
  bob_.enter();
  for (int i = 0; i < 5; ++i) {
    const auto gateway = daemon_.processes("gateway").at(0).at("pid").get<pid_t>();
    ASSERT_EQ(::kill(gateway, SIGKILL), 0);
    alice_.say("after death " + std::to_string(i));
  }
  bob_.await_line("alice: after death 4");
  EXPECT_EQ(
      std::ranges::count_if(bob_.lines(), [](const auto& l) { return l.starts_with("alice:"); }),
      5);
}

}  // namespace
}  // namespace chatd::test
