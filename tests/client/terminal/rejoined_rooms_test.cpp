// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/rejoined_rooms.hpp"

#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

Line replayed(std::string_view room = {}) {
  Line line = said("bob", "hello");
  line.replay = true;
  line.room.name = room;
  return line;
}

RoomJoined room_joined(std::string_view room, bool again) {
  return {.room = {.id = 1, .name = std::string{room}}, .again = again};
}

TEST(RejoinedRooms, TheFirstSessionHasAReplay) {
  RejoinedRooms rooms;
  rooms.note(joined("ada"));
  rooms.note(room_joined("lab", false));
  EXPECT_FALSE(rooms.has_missed(replayed()));
  EXPECT_FALSE(rooms.has_missed(replayed("lab")));
}

TEST(RejoinedRooms, TheReplayOfALaterSessionWasMissed) {
  RejoinedRooms rooms;
  Joined again = joined("ada");
  again.again = true;
  rooms.note(again);
  EXPECT_TRUE(rooms.has_missed(replayed()));
  EXPECT_FALSE(rooms.has_missed(said("bob", "live")));
  EXPECT_FALSE(rooms.has_missed(replayed("lab"))) << "the user was not in this room";
  rooms.note(room_joined("lab", true));
  EXPECT_TRUE(rooms.has_missed(replayed("lab")));
  rooms.note(joined("ada"));  // after another start
  EXPECT_FALSE(rooms.has_missed(replayed()));
  EXPECT_FALSE(rooms.has_missed(replayed("lab")));
}

TEST(RejoinedRooms, ARoomThatIsLeftAndJoinedAgainByTheUserHasAReplay) {
  RejoinedRooms rooms;
  rooms.note(room_joined("lab", true));
  rooms.note(RoomRenamed{.room = {.id = 1, .name = "den"}, .before = "lab"});
  EXPECT_TRUE(rooms.has_missed(replayed("den")));
  EXPECT_FALSE(rooms.has_missed(replayed("lab")));
  rooms.note(RoomLeft{.room = {.id = 1, .name = "den"}});
  rooms.note(room_joined("den", false));
  EXPECT_FALSE(rooms.has_missed(replayed("den")));
}

TEST(RejoinedRooms, AHostileServerCannotFillTheMemory) {
  RejoinedRooms rooms;
  for (std::size_t i = 0; i <= RejoinedRooms::kMaxRooms; ++i) {
    rooms.note(room_joined(std::to_string(i), true));
  }
  EXPECT_FALSE(rooms.has_missed(replayed(std::to_string(RejoinedRooms::kMaxRooms))));
}

}  // namespace
}  // namespace chatd::client
