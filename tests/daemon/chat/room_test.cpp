// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room.hpp"

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

class RoomTest : public NativeFixture {};

TEST_F(RoomTest, AReplayBeginsAtTheLastLines) {
  config_.room.replay = 2;
  restart();
  const Slot ada = enter("ada", 1).slot;
  std::vector<std::uint64_t> starts;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    starts.push_back(chat_->room.tail());
    say(order(ada, i * 10), "hello");
  }
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(state_.native_slots()[bob].room_start, starts[3]);
  restart();
  const Slot cyd = enter("cyd", 3).slot;
  EXPECT_EQ(state_.native_slots()[cyd].room_start, starts[3]);
}

TEST_F(RoomTest, AClientThatKnowsTheHistoryResumesItsOffset) {
  const Slot ada = enter("ada", 1).slot;
  const std::uint64_t had = chat_->room.tail();
  say(order(ada, 10), "hello");
  known_ = {.history_id = test::kHistoryId, .offset = had};
  EXPECT_EQ(state_.native_slots()[enter("bob", 2).slot].room_start, had);
  known_ = {.history_id = test::kHistoryId, .offset = had + 100'000};  // it cannot
  EXPECT_EQ(state_.native_slots()[enter("cyd", 3).slot].room_start, 0U);
  known_ = {.history_id = 0, .offset = std::nullopt};
  const std::uint64_t tail = chat_->room.tail();
  EXPECT_EQ(state_.native_slots()[enter("dan", 4).slot].room_start, tail);
}

}  // namespace
}  // namespace chatd::chat
