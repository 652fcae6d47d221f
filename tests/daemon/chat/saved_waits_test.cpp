// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/saved_waits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/daemon/chat/saved_waits_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using SavedWaitsTest = SavedWaitsFixture;

TEST_F(SavedWaitsTest, AMessageIsReportedWhenItsPlaceIsStoredAndNotBefore) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  EXPECT_TRUE(waits_->is_waiting());
  EXPECT_THAT(look(), IsEmpty());
  state_.stored_place(std::nullopt).offset = std::uint64_t{state_.room_log().tail()} - 8;
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
  EXPECT_FALSE(waits_->is_waiting());
  EXPECT_THAT(look(), IsEmpty()) << "once";
}

TEST_F(SavedWaitsTest, AMessageInARoomWithoutHistoryIsReportedAtOnceAndIsNotSaved) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_lab_without_history(ada, 10);
  say(ada, 20, lab);
  EXPECT_THAT(look(), ElementsAre("0 no_history 20"));
  say(ada, 30);
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 no_history 20", "0 saved 30"));
}

TEST_F(SavedWaitsTest, MessagesBeforeOneWithoutHistoryAreReportedFirst) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_lab_without_history(ada, 10);
  say(ada, 20);
  say(ada, 30, lab);
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 29"));
  EXPECT_THAT(look(), ElementsAre("0 no_history 30"));
}

TEST_F(SavedWaitsTest, AMessageThatWaitsIsReportedWhenItsRowIsStoredAndNotBefore) {
  const Slot ada = enter_and_ask("ada", 1);
  change_row(ada, 10);
  EXPECT_TRUE(waits_->is_waiting());
  EXPECT_THAT(look(), IsEmpty());
  store_rows();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
}

TEST_F(SavedWaitsTest, ManyRowsAreReportedTogether) {
  const Slot ada = enter_and_ask("ada", 1);
  for (std::uint64_t i = 1; i <= SavedWaits::kMaxEntries + 8; ++i) change_row(ada, i * 10);
  EXPECT_THAT(look(), IsEmpty());
  store_rows();
  EXPECT_THAT(look(), ElementsAre("0 saved 400"));
}

TEST_F(SavedWaitsTest, OthersHaveNoAnswer) {
  const Slot bob = enter("bob", 2).slot;
  waits_->begin(bob, false);
  commands().say(order(bob, 10), state::RecordKind::say, {}, "hello");
  waits_->carried_out(bob, {.kind = wire::CommandKind::say, .name = {}, .text = {}, .size = 0}, 10);
  waits_->ask(bob, 10);
  EXPECT_FALSE(waits_->is_waiting());
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(SavedWaitsTest, OfSeveralRoomsTheFirstMessageThatIsNotStoredCounts) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 8);
  say(ada, 10);
  say(ada, 20, lab);
  say(ada, 30);
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 19")) << "the one in the lab is not";
  store(row_of("lab"));
  EXPECT_THAT(look(), ElementsAre("0 saved 30"));
}

TEST_F(SavedWaitsTest, ACommandThatIsNoMessageWaitsForTheMessagesBeforeIt) {
  const Slot ada = enter_and_ask("ada", 1);
  commands().list_members(order(ada, 5), {}, Slot{});
  waits_->carried_out(ada, {.kind = wire::CommandKind::who, .name = {}, .text = {}, .size = 0}, 5);
  EXPECT_THAT(answers(), ElementsAre("0 saved 5"));
  say(ada, 10);
  commands().list_members(order(ada, 15), {}, Slot{});
  waits_->carried_out(ada, {.kind = wire::CommandKind::who, .name = {}, .text = {}, .size = 0}, 15);
  EXPECT_THAT(answers(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 15"));
}

TEST_F(SavedWaitsTest, AnAnswerIsRepeatedForAClientThatAsksAgainAndNotEarlier) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  waits_->ask(ada, 10);
  EXPECT_THAT(answers(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
  waits_->ask(ada, 10);
  waits_->ask(ada, 7);
  EXPECT_THAT(answers(), ElementsAre("0 saved 10"));
}

TEST_F(SavedWaitsTest, ForgedOffsetsHaveNoAnswer) {
  const Slot ada = enter_and_ask("ada", 1);
  for (const std::uint64_t offset :
       {std::uint64_t{1}, std::uint64_t{1} << 40U, ~std::uint64_t{0}}) {
    waits_->ask(ada, offset);
  }
  EXPECT_THAT(look(), IsEmpty()) << "it has said nothing";
  say(ada, 10);
  store();
  (void)look();
  waits_->ask(ada, 11);
  waits_->ask(Slot{7}, 1);
  waits_->ask(Slot{99}, 1);
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(SavedWaitsTest, WithoutAnArchiveEachCommandIsAnsweredAtOnce) {
  start(false);
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  EXPECT_THAT(answers(), ElementsAre("0 no_history 10"));
  EXPECT_FALSE(waits_->is_waiting());
  restart();
  start(false);
  waits_->ask(ada, 10);
  EXPECT_THAT(answers(), ElementsAre("0 no_history 10"));
}

TEST_F(SavedWaitsTest, AMessageThatMayBeLostIsReportedAsUnknownAndLaterOnesAreNot) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  lose();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
  say(ada, 20);
  store();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10", "0 saved 20"));
}

TEST_F(SavedWaitsTest, ARoomThatIsGoneAndWhoseRowIsUsedAgainIsUnknown) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 8);
  say(ada, 10, lab);
  auto& place = state_.stored_place(row_of("lab"));
  place.offset = std::uint64_t{state::first_offset(state::RoomId{lab + 1})};
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
}

// --- sessions ----------------------------------------------------------------------

TEST_F(SavedWaitsTest, ALaterSessionInTheSlotHasNoAnswerOfTheOneBefore) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  sessions().remove(ada, state::LeaveKind::quit, {}, now());
  sessions().settle();
  enter("bob", 2);
  store();
  EXPECT_THAT(look(), IsEmpty());
  EXPECT_FALSE(waits_->is_waiting());
}

TEST_F(SavedWaitsTest, AClientThatLogsInAgainKeepsItsPlaces) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  waits_->begin(ada, true);
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
}

TEST_F(SavedWaitsTest, CommandsFromBeforeTheWishAreUnknown) {
  const Slot ada = enter("ada", 1).slot;
  NativeFixture::say(order(ada, 10), "hello");
  state_.native_slots()[ada].wants_saved = 1;
  waits_->begin(ada, true);
  waits_->ask(ada, 10);
  EXPECT_THAT(answers(), ElementsAre("0 unknown 10"));
}

TEST_F(SavedWaitsTest, AClientThatDoesNotAskAnyMoreIsForgotten) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  waits_->begin(ada, false);
  store();
  EXPECT_THAT(look(), IsEmpty());
}

// --- bounds ------------------------------------------------------------------------

TEST_F(SavedWaitsTest, MoreMessagesThanAreKeptApartAreReportedTogether) {
  const Slot ada = enter_and_ask("ada", 1);
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < SavedWaits::kMaxEntries; ++i) say(ada, end += 10);
  const std::uint64_t kept = std::uint64_t{state_.room_log().tail()};
  for (int i = 0; i < 20; ++i) say(ada, end += 10);
  state_.stored_place(std::nullopt).offset = kept;
  EXPECT_THAT(look(), IsEmpty()) << "the first place stands for the last message, too";
  store();
  EXPECT_THAT(look(), ElementsAre(fmt::format("0 saved {}", end)));
}

TEST_F(SavedWaitsTest, APlaceForWhichThereIsNoSpaceIsUnknown) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 8);
  std::uint64_t end = 8;
  for (std::size_t i = 0; i < SavedWaits::kMaxEntries; ++i) say(ada, end += 10);
  say(ada, end += 10, lab);
  store();
  EXPECT_EQ(look().front(), fmt::format("0 unknown {}", end));
}

// Each of the last two messages stands for the entry before it, too.
TEST_F(SavedWaitsTest, WithoutSpaceAMessageIsNotReportedAsTheOneBeforeInAnotherKindOfRoom) {
  const Slot ada = enter_and_ask("ada", 1);
  const Slot bob = enter_and_ask("bob", 2);
  const std::uint32_t lab = make_lab_without_history(ada, 8);
  const auto row = row_of("lab");
  std::uint64_t end = 8;
  for (std::size_t i = 1; i < SavedWaits::kMaxEntries; ++i) say(ada, end += 10);
  say(ada, end += 10, lab);
  say(ada, end += 10);
  std::uint64_t bobs = 10;
  commands().join(order(bob, bobs), "lab", {});
  say(bob, bobs += 10, lab);
  for (std::size_t i = 1; i < SavedWaits::kMaxEntries; ++i) say(bob, bobs += 10);
  say(bob, bobs += 10, lab);
  store();
  store(row);
  EXPECT_THAT(look(), ElementsAre(fmt::format("0 unknown {}", end), "1 no_history 20",
                                  fmt::format("1 unknown {}", bobs)));
}

}  // namespace
}  // namespace chatd::chat
