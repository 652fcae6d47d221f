// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/saved_waits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SavedWaitsTest : public NativeFixture {
 protected:
  SavedWaitsTest() { start(true); }
  void start(bool has_archive) {
    waits_.emplace(state_, sessions(), has_archive);
    waits_->adopt();
  }
  // The gateway is killed.
  void replace() {
    restart();
    start(true);
  }
  Slot enter_and_ask(std::string_view name, int key) {
    const Slot slot = enter(name, key).slot;
    state_.native_slots()[slot].wants_saved = 1;
    waits_->begin(slot, true);
    return slot;
  }
  // A message, as the gateway carries it out. `room`: 0: the default one.
  void say(Slot slot, std::uint64_t end, std::uint32_t room = 0) {
    const auto address = wire::as_argument(wire::RoomAddress{wire::RoomId{room}});
    const std::string_view name{address.data(), room == 0 ? 0 : address.size()};
    const wire::CommandView command{
        .kind = wire::CommandKind::say, .name = name, .text = {}, .size = 0};
    waits_->will_carry_out(slot, command, end);
    commands().say(order(slot, end), state::RecordKind::say, name, "hello");
    if (!is_killed_) waits_->carried_out(slot, command, end);
  }
  std::uint32_t make_room(Slot slot, std::string_view name, std::uint64_t end) {
    commands().make(order(slot, end), name);
    return static_cast<std::uint32_t>(chat_->rooms.find_name(name).value().id);
  }
  state::RoomIndex row_of(std::string_view name) {
    return chat_->rooms.find_name(name).value().index;
  }
  // The archive has stored what the logs have now.
  void store(std::optional<state::RoomIndex> room = std::nullopt) {
    state_.stored_place(room).offset =
        room ? state_.room_log(*room).tail() : state_.room_log().tail();
    store_rows();
  }
  // And the rows that last.
  void store_rows() { state_.registry_figures().saved = state_.registry_head().version.load(); }
  // A command that has changed a row that lasts.
  void change_row(Slot slot, std::uint64_t end) {
    state_.registry_head().version += 2;
    state_.native_slots()[slot].uplink = end;
    waits_->carried_out(
        slot, {.kind = wire::CommandKind::direct, .name = "bob", .text = {}, .size = 0}, end, true);
  }
  void lose() {
    auto& place = state_.stored_place(std::nullopt);
    place.lost = std::uint64_t{state_.room_log().tail()};
    state_.archive().lost_tail = state_.room_log().tail() + 1;
    place.offset = std::uint64_t{state_.room_log().tail()};
  }
  // "0 saved 30": slot, state and offset of each frame.
  std::vector<std::string> answers() {
    std::vector<std::string> all;
    waits_->take_due([&](Slot slot, std::span<const wire::Frame> frames) {
      for (const wire::Frame& frame : frames) {
        constexpr std::array kNames{"saved", "unknown", "no_history"};
        const auto& saved = std::get<wire::SavedFrame>(frame);
        all.push_back(fmt::format("{} {} {}", static_cast<std::uint32_t>(slot),
                                  kNames.at(static_cast<std::size_t>(saved.state)), saved.offset));
      }
    });
    return all;
  }
  std::vector<std::string> look() {
    (void)waits_->look();
    return answers();
  }

  std::optional<SavedWaits> waits_;
  bool is_killed_{false};  // behind the record of a message
};

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
  const std::uint32_t lab = make_room(ada, "lab", 10);
  state_.properties(row_of("lab")).history = wire::kHistoryOff;
  say(ada, 20, lab);
  EXPECT_THAT(look(), ElementsAre("0 no_history 20"));
  say(ada, 30);
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 no_history 20", "0 saved 30"));
}

TEST_F(SavedWaitsTest, MessagesBeforeOneWithoutHistoryAreReportedFirst) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 10);
  state_.properties(row_of("lab")).history = wire::kHistoryOff;
  say(ada, 20);
  say(ada, 30, lab);
  EXPECT_THAT(look(), IsEmpty());
  store();
  EXPECT_THAT(look(), ElementsAre("0 saved 29"));
  EXPECT_THAT(look(), ElementsAre("0 no_history 30"));
}

TEST_F(SavedWaitsTest, AfterAKillAMessageInARoomWithoutHistoryIsNotReportedAsSaved) {
  const Slot ada = enter_and_ask("ada", 1);
  const std::uint32_t lab = make_room(ada, "lab", 10);
  const auto row = row_of("lab");
  state_.properties(row).history = wire::kHistoryOff;
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

TEST_F(SavedWaitsTest, AfterAKillCommandsFromBeforeTheWishAreUnknown) {
  const Slot ada = enter("ada", 1).slot;
  NativeFixture::say(order(ada, 10), "hello");
  wants_saved_ = true;
  enter("ada", 1);
  replace();
  store();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
}

TEST_F(SavedWaitsTest, AMessageThatWaitsIsReportedWhenItsRowIsStoredAndNotBefore) {
  const Slot ada = enter_and_ask("ada", 1);
  change_row(ada, 10);
  EXPECT_TRUE(waits_->is_waiting());
  EXPECT_THAT(look(), IsEmpty());
  store_rows();
  EXPECT_THAT(look(), ElementsAre("0 saved 10"));
}

TEST_F(SavedWaitsTest, ARowOfAPredecessorIsWaitedFor) {
  const Slot ada = enter_and_ask("ada", 1);
  store();
  change_row(ada, 10);
  replace();
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

// --- its end -----------------------------------------------------------------------

TEST_F(SavedWaitsTest, ASuccessorWaitsUntilEveryRoomIsStoredAsFarAsItWasWritten) {
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

TEST_F(SavedWaitsTest, ASuccessorKnowsOfMessagesInRoomsThatTheirSenderHasLeft) {
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

TEST_F(SavedWaitsTest, ASuccessorDoesNotKnowWhatWasLostSinceTheSessionBegan) {
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

TEST_F(SavedWaitsTest, ALossWhileASuccessorWaitsIsUnknown) {
  const Slot ada = enter_and_ask("ada", 1);
  say(ada, 10);
  replace();
  lose();
  EXPECT_THAT(look(), ElementsAre("0 unknown 10"));
}

TEST_F(SavedWaitsTest, ASessionThatHasSaidNothingWaitsForNothing) {
  (void)enter_and_ask("ada", 1);
  replace();
  EXPECT_FALSE(waits_->is_waiting());
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
  const std::uint32_t lab = make_room(ada, "lab", 8);
  const auto row = row_of("lab");
  state_.properties(row).history = wire::kHistoryOff;
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
