// SPDX-License-Identifier: GPL-3.0-or-later
// A member whose server begins again from its disk.
#include <gmock/gmock.h>

#include "tests/client/member/member_in_rooms.hpp"

namespace chatd::client {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

using MemberColdStart = MemberInRooms;

TEST_F(MemberColdStart, AServerThatBeginsFromItsDiskRepeatsNoLine) {
  enter_rooms({"lab"});
  world_.say("", "bob", "one");
  world_.say("lab", "bob", "two");
  ASSERT_TRUE(world_.run_until([&] { return lines(wire::RecordKind::say).size() == 2; }));
  for (int start = 0; start < 2; ++start) {
    world_.begin_from_disk();
    world_.say("", "bob", "meanwhile");
    world_.say("lab", "bob", "meanwhile in the lab");
    world_.run_for(seconds{5});
  }
  EXPECT_THAT(world_.lines_of(""), ElementsAre("bob: one", "bob: meanwhile", "bob: meanwhile"));
  EXPECT_THAT(world_.lines_of("lab"),
              ElementsAre("bob: two", "bob: meanwhile in the lab", "bob: meanwhile in the lab"));
}

TEST_F(MemberColdStart, LinesThatWereMissedAreReportedWithoutAReplayToo) {
  test::RoomWorld world{2, false};
  world.make("lab");
  world.say("lab", "bob", "old");
  world.member.start(world.now());
  ASSERT_TRUE(world.run_until([&] { return world.member.is_joined(); }));
  world.member.send(JoinRoom{"lab"}, world.now());
  ASSERT_TRUE(world.run_until([&] { return world.member.unconfirmed() == 0; }));
  world.say("lab", "bob", "new");
  ASSERT_TRUE(world.run_until([&] { return !world.lines_of("lab").empty(); }));
  world.begin_from_disk();
  world.say("lab", "bob", "meanwhile");
  world.run_for(seconds{5});
  EXPECT_THAT(world.lines_of("lab"), ElementsAre("bob: new", "bob: meanwhile"));
}

TEST_F(MemberColdStart, LinesOfARoomThatBeganAnewAreReported) {
  enter();
  world_.say("", "bob", "one");
  world_.say("", "bob", "two");
  ASSERT_TRUE(world_.run_until([&] { return lines(wire::RecordKind::say).size() == 2; }));
  world_.begin_history();
  world_.say("", "bob", "anew");
  world_.run_for(seconds{5});
  EXPECT_THAT(world_.lines_of(""), ElementsAre("bob: one", "bob: two", "bob: anew"));
}

}  // namespace
}  // namespace chatd::client
