// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/joined_rooms.hpp"

#include <gmock/gmock.h>

namespace chatd::client {
namespace {

JoinedRooms::Room a_room(std::string_view name, std::uint8_t stream) {
  return {.ref = {.id = stream * 10U, .name = std::string{name}}, .stream = stream};
}

std::vector<std::string> names(const JoinedRooms& rooms) {
  std::vector<std::string> found;
  for (const auto& room : rooms.all()) found.push_back(room.ref.name);
  return found;
}

TEST(JoinedRooms, AreInTheOrderOfTheirStreams) {
  JoinedRooms rooms;
  rooms.put(a_room("pub", 4));
  rooms.put(a_room("lab", 2));
  rooms.put(a_room("bar", 3));
  EXPECT_THAT(names(rooms), ::testing::ElementsAre("lab", "bar", "pub"));
}

TEST(JoinedRooms, AreFoundByAnyNameThatCountsAsTheSame) {
  JoinedRooms rooms;
  rooms.put(a_room("Lab", 2));
  ASSERT_NE(rooms.find("lAB"), nullptr);
  EXPECT_EQ(rooms.find("lAB")->ref.id, 20U);
  EXPECT_EQ(rooms.find("pub"), nullptr);
  EXPECT_EQ(rooms.find(""), nullptr);
}

TEST(JoinedRooms, HaveOneEntryForANameAndForAStream) {
  JoinedRooms rooms;
  rooms.put(a_room("lab", 2));
  rooms.put(a_room("LAB", 3));
  EXPECT_THAT(names(rooms), ::testing::ElementsAre("LAB"));
  rooms.put(a_room("pub", 3));
  EXPECT_THAT(names(rooms), ::testing::ElementsAre("pub"));
}

TEST(JoinedRooms, ThatAreNotAnsweredYetHaveNoStream) {
  JoinedRooms rooms;
  rooms.put(a_room("lab", 2)).rejoin = 7;
  EXPECT_EQ(rooms.find(std::uint8_t{2}), nullptr);
  EXPECT_EQ(rooms.find_rejoin(8), nullptr);
  ASSERT_NE(rooms.find_rejoin(7), nullptr);
  EXPECT_EQ(rooms.remove(*rooms.find_rejoin(7)).name, "lab");
  EXPECT_TRUE(rooms.all().empty());
}

}  // namespace
}  // namespace chatd::client
