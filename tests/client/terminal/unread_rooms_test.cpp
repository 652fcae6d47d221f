// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/unread_rooms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnreadRoomsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> texts(wire::Language language = wire::Language::en) const {
    return rooms_.texts(language, [](std::string_view room) {
      return '#' + std::string{room.empty() ? "hall" : room};
    });
  }
  UnreadRooms rooms_;
};

TEST_F(UnreadRoomsTest, CountsTheMessagesOfEachRoom) {
  EXPECT_THAT(texts(), IsEmpty());
  rooms_.add("lab", false);
  rooms_.add("lab", false);
  EXPECT_THAT(texts(), ElementsAre("[#lab 2]", "[1 room]", "[1]"));
  rooms_.add("", true);
  rooms_.add("", false);
  EXPECT_THAT(texts(), ElementsAre("[#lab 2, #hall 2!]", "[2 rooms!]", "[2!]"));
  EXPECT_THAT(texts(wire::Language::zh), ElementsAre("[#lab 2, #hall 2!]", "[2 个房间!]", "[2!]"));
}

TEST_F(UnreadRoomsTest, ANameWithBlanksEndsWithAColon) {
  rooms_.add("Physics 101", false);
  rooms_.add("Physics 101", true);
  EXPECT_EQ(texts().front(), "[#Physics 101: 2!]");
}

TEST_F(UnreadRoomsTest, OfManyRoomsTheNumberIsShown) {
  for (const char* room : {"a", "b", "c", "d"}) rooms_.add(room, false);
  EXPECT_THAT(texts(), ElementsAre("[4 rooms]", "[4]"));
}

TEST_F(UnreadRoomsTest, EndsWithTheRoomThatIsRead) {
  rooms_.add("lab", true);
  rooms_.add("ops", false);
  rooms_.remove("lab");
  rooms_.remove("tea");
  EXPECT_THAT(texts(), ElementsAre("[#ops 1]", "[1 room]", "[1]"));
  rooms_.rename("ops", "den");
  rooms_.rename("tea", "cake");
  EXPECT_THAT(texts(), ElementsAre("[#den 1]", "[1 room]", "[1]"));
  rooms_.clear();
  EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(UnreadRoomsTest, HasALimitForEachNumber) {
  for (std::size_t i = 0; i < UnreadRooms::kMaxCount; ++i) rooms_.add("lab", false);
  EXPECT_EQ(texts().front(), "[#lab 999]");
  for (int i = 0; i < 5; ++i) rooms_.add("lab", false);
  EXPECT_EQ(texts().front(), "[#lab 999+]");
  for (std::size_t i = 0; i < 2 * UnreadRooms::kMaxRooms; ++i) {
    rooms_.add(std::to_string(i), false);
  }
  EXPECT_EQ(texts().front(), "[" + std::to_string(UnreadRooms::kMaxRooms) + " rooms]");
}

}  // namespace
}  // namespace chatd::client
