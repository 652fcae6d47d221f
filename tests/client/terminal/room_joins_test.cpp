// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/room_joins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RoomJoinsTest : public ::testing::Test {
 protected:
  bool hold(std::string_view room, std::uint64_t number) {
    Post order{.number = number, .message = Say{"hello"}};
    return joins_.hold(room, order);
  }
  static std::vector<std::uint64_t> numbers_of(const std::vector<Post>& orders) {
    std::vector<std::uint64_t> numbers;
    for (const Post& order : orders) numbers.push_back(order.number);
    return numbers;
  }
  RoomJoins joins_;
};

TEST_F(RoomJoinsTest, HoldsMessagesUntilTheUserIsInTheRoom) {
  EXPECT_FALSE(hold("lab", 1));
  joins_.begin({.number = 2, .room = "LAB"});
  EXPECT_TRUE(joins_.has("LAB"));
  EXPECT_FALSE(joins_.has("lab"));
  EXPECT_TRUE(hold("LAB", 3) && hold("LAB", 4));
  EXPECT_FALSE(hold("pub", 5));
  EXPECT_TRUE(joins_.is_holding());
  EXPECT_THAT(numbers_of(joins_.enter("pub")), IsEmpty());
  EXPECT_THAT(numbers_of(joins_.enter("lab")), ElementsAre(3U, 4U));
  EXPECT_FALSE(joins_.is_holding());
  EXPECT_FALSE(hold("LAB", 6)) << "the user is in it";
}

TEST_F(RoomJoinsTest, ReturnsAnAnsweredJoinOnce) {
  joins_.begin({.number = 1, .room = "lab"});
  EXPECT_TRUE(hold("lab", 2));
  EXPECT_FALSE(joins_.end(2));
  const auto join = joins_.end(1);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->room, "lab");
  EXPECT_THAT(numbers_of(join->held), ElementsAre(2U));
  EXPECT_FALSE(joins_.has("lab") || joins_.end(1));
}

TEST_F(RoomJoinsTest, ReturnsAllMessagesAtTheEnd) {
  joins_.begin({.number = 1, .room = "lab"});
  joins_.begin({.number = 2, .room = "pub"});
  EXPECT_TRUE(hold("pub", 3) && hold("lab", 4));
  EXPECT_THAT(numbers_of(joins_.end_all()), ElementsAre(4U, 3U));
  EXPECT_FALSE(joins_.has("lab") || joins_.is_holding());
}

TEST_F(RoomJoinsTest, AMessageBelongsToTheLatestJoinOfItsRoom) {
  joins_.begin({.number = 1, .room = "lab"});
  EXPECT_TRUE(hold("lab", 2));
  joins_.begin({.number = 3, .room = "lab"});
  EXPECT_TRUE(hold("lab", 4));
  const auto refused = joins_.end(1);
  ASSERT_TRUE(refused);
  EXPECT_THAT(numbers_of(refused->held), ElementsAre(2U));
  EXPECT_THAT(numbers_of(joins_.enter("lab")), ElementsAre(4U));
}

}  // namespace
}  // namespace chatd::client
