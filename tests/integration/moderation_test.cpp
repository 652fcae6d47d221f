// SPDX-License-Identifier: GPL-3.0-or-later
// moderation_test.cpp — rights and rules in rooms with the real daemon: the owner of a room closes
// it, invites, lectures, mutes and bans; a member without a role tries to; gateways are killed.
#include <csignal>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/recoveries.hpp"

namespace chatd::test {
namespace {

using client::JoinRoom;
using client::MakeRoom;
using client::Moderate;
using client::Refused;
using client::RoomInvited;
using client::RoomJoined;
using client::RoomLeft;
using client::Say;
using client::SetProperty;
using wire::ModerateAction;
using wire::RoomProperty;

class ModerationPrograms : public ::testing::Test {
 protected:
  ModerationPrograms() {
    ada_.enter();
    eve_.enter();
    send(ada_, MakeRoom{.name = "lab"});
    EXPECT_EQ(ada_.await<RoomJoined>().room.name, "lab");
  }
  template <class T>
  void send(NativeClient& client, const T& message) {
    (void)client.member().send(message, mono_now());
    client.pump_until([&] { return client.member().unconfirmed() == 0; });
  }
  std::string refused(NativeClient& client) { return client.await<Refused>().code; }
  void kill_gateway() {
    pid_t gateway = 0;
    ASSERT_TRUE(eventually([&] { return (gateway = pid_of(daemon_, "gateway")) != 0; }));
    ::kill(gateway, SIGKILL);
  }

  DaemonUnderTest daemon_{
      {.config = "limits.messages_per_second = 0\n", .arguments = {"--workers", "2"}}};
  NativeClient ada_{daemon_.endpoint(), {.name = "ada"}};
  NativeClient eve_{daemon_.endpoint(), {.name = "eve"}};
};

TEST_F(ModerationPrograms, ATeacherClosesInvitesLecturesMutesAndBans) {
  send(ada_, SetProperty{.property = RoomProperty::invited, .value = 1, .room = "lab"});
  send(eve_, JoinRoom{.name = "lab"});
  EXPECT_EQ(refused(eve_), "no_such_room");
  send(eve_, JoinRoom{.name = "nowhere"});
  EXPECT_EQ(refused(eve_), "no_such_room");
  send(ada_, Moderate{.action = ModerateAction::invite, .name = "eve", .room = "lab"});
  EXPECT_EQ(eve_.await<RoomInvited>().room, "lab");
  send(eve_, JoinRoom{.name = "lab"});
  EXPECT_EQ(eve_.await<RoomJoined>().room.name, "lab");

  send(ada_, SetProperty{.property = RoomProperty::lecture, .value = 1, .room = "lab"});
  send(eve_, Say{.text = "me first", .room = "lab"});
  EXPECT_EQ(refused(eve_), "lecture");
  send(ada_, SetProperty{.property = RoomProperty::lecture, .value = 0, .room = "lab"});
  send(ada_, Moderate{.action = ModerateAction::mute, .name = "eve", .room = "lab"});
  kill_gateway();
  send(eve_, Say{.text = "still here", .room = "lab"});
  EXPECT_EQ(refused(eve_), "muted");
  send(ada_, Moderate{.action = ModerateAction::unmute, .name = "eve", .room = "lab"});
  send(eve_, Say{.text = "at last", .room = "lab"});
  ada_.await_line("eve: at last");

  send(ada_, Moderate{.action = ModerateAction::ban,
                      .name = "eve",
                      .seconds = 3600,
                      .reason = "noise",
                      .room = "lab"});
  EXPECT_THAT(eve_.await<RoomLeft>().text, ::testing::StartsWith("banned until "));
  for (int i = 0; i < 2; ++i) {
    send(eve_, JoinRoom{.name = "lab"});
    EXPECT_EQ(refused(eve_), "no_such_room");
    kill_gateway();
  }
  const auto bans = daemon_.ctl_json({"bans", "--room", "lab"}).at("rules");
  ASSERT_EQ(bans.size(), 1U);
  EXPECT_EQ(bans[0].at("target"), "eve");
  EXPECT_EQ(bans[0].at("by"), "ada");
  EXPECT_EQ(bans[0].at("hits"), 2);
}

TEST_F(ModerationPrograms, AMemberWithoutARoleChangesNothing) {
  send(eve_, JoinRoom{.name = "lab"});
  EXPECT_EQ(eve_.await<RoomJoined>().room.name, "lab");
  send(eve_, Moderate{.action = ModerateAction::kick, .name = "ada", .room = "lab"});
  EXPECT_EQ(refused(eve_), "no_right");
  send(eve_, Moderate{.action = ModerateAction::owner, .name = "eve", .room = "lab"});
  EXPECT_EQ(refused(eve_), "no_right");
  send(eve_, SetProperty{.property = RoomProperty::hidden, .value = 1, .room = "lab"});
  EXPECT_EQ(refused(eve_), "no_right");
  send(eve_, client::SetTopic{.topic = "mine", .room = "lab"});
  EXPECT_EQ(refused(eve_), "no_right");
  send(eve_, Moderate{.action = ModerateAction::ban, .name = "ada"});
  EXPECT_EQ(refused(eve_), "no_right");
}

// The successor of a killed gateway finishes a change, and a command that is sent again finds
// itself executed: one record of each.
TEST_F(ModerationPrograms, EachChangeIsMadeOnceWhileGatewaysDie) {
  send(eve_, JoinRoom{.name = "lab"});
  EXPECT_EQ(eve_.await<RoomJoined>().room.name, "lab");
  for (int i = 0; i < 8; ++i) {  // fewer than the rate of changes
    const auto action = i % 2 == 0 ? ModerateAction::mute : ModerateAction::unmute;
    (void)ada_.member().send(Moderate{.action = action, .name = "eve", .room = "lab"}, mono_now());
    ada_.pump(std::chrono::milliseconds{5});
    kill_gateway();
    ada_.pump_until([&] { return ada_.member().unconfirmed() == 0; });
  }
  send(eve_, Say{.text = "hello", .room = "lab"});
  ada_.await_line("eve: hello");
}

}  // namespace
}  // namespace chatd::test
