// SPDX-License-Identifier: GPL-3.0-or-later
// The waits of a gateway whose predecessor was killed.
#include <gmock/gmock.h>

#include "daemon/chat/saved_waits.hpp"
#include "tests/daemon/chat/saved_waits_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using SavedWaitsSuccessorTest = SavedWaitsFixture;

TEST_F(SavedWaitsSuccessorTest, AfterAKillAMessageInARoomWithoutHistoryIsNotReportedAsSaved) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_lab_without_history(ada, 10);
  const auto row = row_of("lab");
  say(ada, 20, lab);
  say(ada, 30);
  is_killed_ = true;
  const Slot bob = enter_and_ask("bob", 2);
  state_.properties(std::nullopt).history = wire::kHistoryOff;
  say(bob, 10);
  state_.properties(std::nullopt).history = 0;
  const Slot eve = enter_and_ask("eve", 3);
  say(eve, 10);
  replace();
  store();
  store(row);
  EXPECT_THAT(look(), ElementsAre("0 unknown 20", "0 saved 30", "1 unknown 10", "2 saved 10"));
}

TEST_F(SavedWaitsSuccessorTest, AfterAKillCommandsFromBeforeTheWishAreUnknown) {
  const Slot ada = enter("ada", 1).slot;
  NativeFixture::say(order(ada, 10), "hello");
  wants_saved_ = true;
  enter("ada", 1);
  replace();
  store();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
}

TEST_F(SavedWaitsSuccessorTest, ARowOfAPredecessorIsWaitedFor) {
  const Slot ada = enter_and_ask("ada", 1);
  store();
  change_row(ada, 10);
  replace();
  EXPECT_THAT(look(), IsEmpty());
  store_rows();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
}

TEST_F(SavedWaitsSuccessorTest, ASuccessorWaitsUntilEveryRoomIsStoredAsFarAsItWasWritten) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 8);
  const auto row = row_of("lab");
  say(ada, 10, lab);
  replace();
  EXPECT_TRUE(waits_->is_waiting());
  store();
  EXPECT_THAT(look(), IsEmpty());
  say(ada, 20);
  store(row);
  EXPECT_THAT(look(), ElementsAre("0 saved 19")) << "its own message is a later one";
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 20"));
}

TEST_F(SavedWaitsSuccessorTest, ASuccessorKnowsOfMessagesInRoomsThatTheirSenderHasLeft) {
  const Slot ada = enter_and_ask("ada", 1);
  enter("bob", 2);
  const std::uint32_t lab = make_room(ada, "lab", 8);
  const auto row = row_of("lab");
  say(ada, 10, lab);
  commands().leave(order(ada, 20),
                   {wire::as_argument(wire::RoomAddress{wire::RoomId{lab}}).data(), 4});
  store();
  replace();
  EXPECT_THAT(look(), IsEmpty());
  store(row);
  EXPECT_THAT(look(), ElementsAre("0 saved 20"));
}

TEST_F(SavedWaitsSuccessorTest, ASuccessorDoesNotKnowWhatWasLostSinceTheSessionBegan) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  lose();
  say(ada, 20);
  const Slot bob = enter_and_ask("bob", 2);
  say(bob, 10);
  replace();
  store();
  EXPECT_THAT(look(), ElementsAre("0 unknown 20", "1 saved 10"));
}

TEST_F(SavedWaitsSuccessorTest, ALossWhileASuccessorWaitsIsUnknown) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  replace();
  lose();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
}

TEST_F(SavedWaitsSuccessorTest, ASessionThatHasSaidNothingWaitsForNothing) {
  (void)enter_and_ask("ada", 1);
  replace();
  EXPECT_FALSE(waits_->is_waiting());
}

}  // namespace
}  // namespace chatd::chat
