// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms: joins and leaves that are counted.
#include <gmock/gmock.h>

#include "daemon/chat/room_admin.hpp"
#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;

class RoomsTellingTest : public RoomsFixture {
 protected:
  void SetUp() override {
    bob_ = enter("bob", 2).slot;
    ada_ = enter("ada", 1).slot;
    ASSERT_TRUE(make(bob_, "lab"));
    use_up_rate(state_.room_slot(place_of("lab").index).head, now().mono);
  }
  wire::Crowd told() {
    tick_after(Crowd::kPause);
    return told_by_number(log_of("lab"));
  }
  Slot ada_{};
  Slot bob_{};
};

TEST_F(RoomsTellingTest, ACountedMemberHasNoRecords) {
  ASSERT_TRUE(join(ada_, "lab"));
  const std::uint64_t news = rooms().news();
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
  EXPECT_EQ(rooms().news(), news + 1) << "the workers read the record";
  leave(ada_, "lab");
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
  EXPECT_EQ(texts_in("lab").size(), 3U);
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
}

TEST_F(RoomsTellingTest, EachRoomHasItsOwnRate) {
  ASSERT_TRUE(make(bob_, "den"));
  ASSERT_TRUE(join(ada_, "den"));
  EXPECT_THAT(texts_in("den"), ElementsAre("join bob ", "join ada "));
}

TEST_F(RoomsTellingTest, AKickOfACountedMemberHasARecord) {
  ASSERT_TRUE(join(ada_, "lab"));
  EXPECT_TRUE(chat_->room_admin.kick(ada_, id_of("lab"), "noise", now()));
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "kick ada noise"));
}

// A program that takes a session over begins without further rooms.
TEST_F(RoomsTellingTest, ACountedMemberThatIsReplacedIsCounted) {
  ASSERT_TRUE(join(ada_, "lab"));
  chat_->room_admin.replace_client(ada_, now());
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
}

TEST_F(RoomsTellingTest, TheLastProgramOfACountedMemberIsCounted) {
  ASSERT_TRUE(join(ada_, "lab"));
  const Slot second = enter("ada", 1, "127.0.0.1:5", 7).slot;
  ASSERT_NE(second, ada_);
  time_ += std::chrono::minutes{1};
  ASSERT_TRUE(join(second, "lab"));
  leave(ada_, "lab");
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
  leave(second, "lab");
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1, .left = 1}));
}

TEST_F(RoomsTellingTest, ADroppedRoomTellsNothing) {
  ASSERT_TRUE(join(ada_, "lab"));
  EXPECT_EQ(chat_->room_admin.drop(place_of("lab").index, now()), 2U);
  ASSERT_TRUE(make(bob_, "den"));
  tick_after(Crowd::kPause);
  EXPECT_THAT(texts_in("den"), ElementsAre("join bob "));
}

TEST_F(RoomsTellingTest, TheNextGatewayTellsWhatIsCounted) {
  ASSERT_TRUE(join(ada_, "lab"));
  restart();
  EXPECT_EQ(told(), (wire::Crowd{.joined = 1}));
}

}  // namespace
}  // namespace chatd::chat
