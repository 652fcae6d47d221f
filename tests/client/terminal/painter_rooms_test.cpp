// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms, and changes in them, as lines for people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/painter_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class PainterRooms : public PainterTest {};

TEST_F(PainterRooms, ShowsTheTopicOfAJoinedRoom) {
  const RoomRef lab{.id = 1, .name = "lab"};
  EXPECT_EQ(plain_.paint(RoomJoined{.room = lab, .topic = "tea\x1b", .topic_by = "ada"}),
            "-- you are in #lab: tea\\x1b (set by ada)\n");
  EXPECT_EQ(plain_.paint(RoomJoined{.room = lab}), "-- you are in #lab\n");
  EXPECT_EQ(plain_.paint(RoomJoined{.room = lab, .topic = "tea", .again = true}), "");
}

TEST_F(PainterRooms, ShowsWhyTheUserIsNotInARoomAnyMore) {
  const RoomRef lab{.id = 1, .name = "lab"};
  EXPECT_EQ(plain_.paint(RoomLeft{.room = lab}), "-- you have left #lab\n");
  EXPECT_EQ(plain_.paint(RoomLeft{.room = lab, .text = "by bob: noise"}),
            "! you were removed from #lab: by bob: noise\n");
  EXPECT_EQ(plain_.paint(RoomLeft{.room = lab, .code = "too_many_rooms"}),
            "! you are no longer in #lab: you are in 31 rooms already: leave one first\n");
  EXPECT_EQ(plain_.paint(RoomLeft{.room = lab, .code = "no_such_room"}), "! #lab is gone\n");
}

TEST_F(PainterRooms, ShowsChangesWithTheirRoomAndTime) {
  Line line = line_of(wire::RecordKind::topic, "bob", "tea");
  line.room = {.id = 1, .name = "lab"};
  EXPECT_EQ(plain_.paint(line), "23:15 #lab -- bob set the topic: tea\n");
  plain_.set_room("lab");
  EXPECT_EQ(plain_.paint(line), "23:15 -- bob set the topic: tea\n");
  line.own = true;
  EXPECT_EQ(plain_.paint(line), "23:15 -- bob set the topic: tea\n") << "no mark as of a message";
}

TEST_F(PainterRooms, HighlightsAChangeThatIsAboutTheUser) {
  const Line mine =
      moderated_by("bob", {.action = wire::ModerateAction::ban, .seconds = 60, .name = "Ada"});
  EXPECT_THAT(colored_.paint(mine),
              HasSubstr("\x1b[1;7m»\x1b[0m \x1b[1m-- bob banned Ada for 1 minute"));
  const Line other = moderated_by("bob", {.action = wire::ModerateAction::ban, .name = "cyd"});
  EXPECT_THAT(colored_.paint(other), HasSubstr("\x1b[2m-- bob banned cyd"));
}

TEST_F(PainterRooms, ShowsARemovalOnce) {
  const auto act = [](wire::ModerateAction action) {
    return moderated_by("bob", {.action = action, .name = "CYD", .reason = "noise"});
  };
  const Line kicked = line_of(wire::RecordKind::kick, "cyd", "noise");
  for (const auto action : {wire::ModerateAction::kick, wire::ModerateAction::ban}) {
    EXPECT_THAT(plain_.paint(act(action)), HasSubstr("CYD: noise\n"));
    Line elsewhere = kicked;
    elsewhere.room = {.id = 1, .name = "lab"};
    EXPECT_THAT(plain_.paint(elsewhere), HasSubstr("cyd was removed"));
    EXPECT_EQ(plain_.paint(kicked), "");
    EXPECT_THAT(plain_.paint(kicked), HasSubstr("cyd was removed")) << "another removal";
  }
  (void)plain_.paint(act(wire::ModerateAction::ban));
  (void)plain_.paint(said("bob", "hello"));
  EXPECT_THAT(plain_.paint(kicked), HasSubstr("cyd was removed")) << "by the administrator";
  (void)plain_.paint(act(wire::ModerateAction::mute));
  EXPECT_THAT(plain_.paint(kicked), HasSubstr("cyd was removed"));
}

TEST_F(PainterRooms, ShowsTheFactsAboutARoom) {
  const wire::RoomFacts facts{
      .topic = "tea", .topic_by = "ada", .topic_set = kFriday, .made = kFriday, .members = 1};
  EXPECT_EQ(plain_.about("lab", facts),
            "-- #lab\n   the topic is: tea (set by ada, 2026-11-20 23:15)\n   1 member\n"
            "   made at 2026-11-20 23:15\n");
  EXPECT_EQ(chinese_.topic(facts), "-- 主题：tea（设置者：ada，2026-11-20 23:15）\n");
  EXPECT_EQ(chinese_.topic({}), "-- 这个房间没有主题\n");
}

}  // namespace
}  // namespace chatd::client
