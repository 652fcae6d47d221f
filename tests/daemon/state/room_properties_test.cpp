// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_properties.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class RoomPropertiesTest : public test::StateFixture {
 protected:
  RoomPropertiesTest()
      : StateFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384}} {}

  static constexpr WallTime kNow{std::chrono::seconds{9}};
  RegistryHead& head_{state_.registry_head()};
  RoomProperties& room_{state_.properties(std::nullopt)};
};

TEST_F(RoomPropertiesTest, ANewRegionHasNoTopicAndOpenRooms) {
  EXPECT_EQ(view_of(topic_of(room_).text), "");
  EXPECT_EQ(topic_of(room_).set_wall, 0);
  EXPECT_FALSE(room_.is_invited || room_.is_hidden || room_.is_lecture);
  EXPECT_EQ(room_.slow_seconds, 0);
}

TEST_F(RoomPropertiesTest, ATopicReplacesTheOneBefore) {
  for (const std::string text : {"one", "two", "", "four"}) {
    set_topic(head_, room_, "ada", text, kNow);
    EXPECT_EQ(view_of(topic_of(room_).text), text);
    EXPECT_EQ(view_of(topic_of(room_).by), "ada");
    EXPECT_EQ(topic_of(room_).set_wall, 9'000'000);
  }
  set_topic(head_, room_, {}, std::string(kMaxTopicBytes, 'x'), kNow);
  EXPECT_EQ(view_of(topic_of(room_).text).size(), kMaxTopicBytes);
  EXPECT_EQ(view_of(topic_of(room_).by), "");
}

TEST_F(RoomPropertiesTest, ClearMakesARoomNew) {
  set_topic(head_, room_, "ada", "lesson 1", kNow);
  room_.slow_seconds = 10;
  room_.is_invited = room_.is_hidden = room_.is_lecture = true;
  room_.open_since = 4096;
  room_.enter = wire::MayEnter::owned;
  room_.history = wire::kHistoryOff;
  room_.history_since = 9;
  clear(room_);
  EXPECT_EQ(room_.history, wire::kHistoryOfServer);
  EXPECT_EQ(room_.history_since, 0U);
  EXPECT_EQ(room_.enter, wire::MayEnter::anyone);
  EXPECT_EQ(room_.open_since, 0U);
  EXPECT_EQ(view_of(topic_of(room_).text), "");
  EXPECT_EQ(view_of(topic_of(room_).by), "");
  EXPECT_EQ(topic_of(room_).set_wall, 0);
  EXPECT_FALSE(room_.is_invited || room_.is_hidden || room_.is_lecture);
  EXPECT_EQ(room_.slow_seconds, 0);
}

TEST_F(RoomPropertiesTest, AHistoryThatWasOffBeginsWithTheNextRecord) {
  set_history(head_, room_, 30, 5);
  EXPECT_EQ(room_.history, 30);
  EXPECT_EQ(room_.history_since, 0U);
  set_history(head_, room_, wire::kHistoryOff, 6);
  EXPECT_EQ(room_.history_since, 0U);
  set_history(head_, room_, wire::kHistoryOfServer, 9);
  EXPECT_EQ(room_.history, wire::kHistoryOfServer);
  EXPECT_EQ(room_.history_since, 9U);
}

TEST_F(RoomPropertiesTest, MessagesAreKeptForTheShorterTimeOfTheRoomAndTheServer) {
  using std::chrono::days;
  using std::chrono::seconds;
  EXPECT_EQ(kept_for(room_, seconds{0}), seconds{0}) << "without end";
  EXPECT_EQ(kept_for(room_, days{30}), days{30});
  set_history(head_, room_, 7, 0);
  EXPECT_EQ(kept_for(room_, seconds{0}), days{7});
  EXPECT_EQ(kept_for(room_, days{30}), days{7});
  EXPECT_EQ(kept_for(room_, seconds{60}), seconds{60});
  set_history(head_, room_, wire::kHistoryOff, 0);
  EXPECT_EQ(kept_for(room_, days{30}), std::nullopt);
}

TEST_F(RoomPropertiesTest, EachPropertyIsSet) {
  using wire::RoomProperty;
  set_property(head_, room_, RoomProperty::invited, 1);
  EXPECT_TRUE(room_.is_invited && !room_.is_hidden && !room_.is_lecture);
  set_property(head_, room_, RoomProperty::hidden, 1);
  EXPECT_TRUE(room_.is_hidden && !room_.is_lecture);
  set_property(head_, room_, RoomProperty::lecture, 1);
  EXPECT_TRUE(room_.is_lecture);
  set_property(head_, room_, RoomProperty::slow, 7);
  EXPECT_EQ(room_.slow_seconds, 7);
  open_to_all(head_, room_, {.offset = 4096, .number = 30});
  EXPECT_FALSE(room_.is_invited);
  EXPECT_EQ(room_.open_since, 4096U);
  EXPECT_EQ(room_.open_since_number, 30U);
  set_property(head_, room_, RoomProperty::hidden, 0);
  EXPECT_FALSE(room_.is_hidden);
}

TEST_F(RoomPropertiesTest, EachChangeHasTheNextVersion) {
  set_topic(head_, room_, "ada", "lesson 1", kNow);
  EXPECT_EQ(room_.version, 2U);
  set_property(head_, room_, wire::RoomProperty::slow, 7);
  EXPECT_EQ(room_.version, 4U);
  open_to_all(head_, room_, {.offset = 4096, .number = 30});
  EXPECT_EQ(room_.version, 6U);
  EXPECT_EQ(head_.version, 6U);
}

TEST_F(RoomPropertiesTest, EachRoomHasItsOwnProperties) {
  set_topic(head_, room_, "ada", "default", kNow);
  for (std::uint32_t row = 0; row < 3; ++row) {
    set_topic(head_, state_.properties(RoomIndex{row}), "ada", std::to_string(row), kNow);
  }
  for (std::uint32_t row = 0; row < 3; ++row) {
    const auto& room = state_.properties(RoomIndex{row});
    EXPECT_EQ(view_of(topic_of(room).text), std::to_string(row));
  }
  EXPECT_EQ(view_of(topic_of(room_).text), "default");
  EXPECT_EQ(state_.rule_head().used, 0U);  // the page behind them
}

}  // namespace
}  // namespace chatd::state
