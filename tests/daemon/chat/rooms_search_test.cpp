// SPDX-License-Identifier: GPL-3.0-or-later
// A client that joins a room again names it by its former name, and by the position in its log.
#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using wire::Reason;

class KnownRoomTest : public ModerationFixture {
 protected:
  Room::Position known(std::uint64_t offset) {
    return {.history_id = state_.header().epoch, .offset = offset};
  }
  void rename_lab(std::string_view name) {
    rooms().rename(lab()->index, rooms().check_name(name, lab()->index).value());
    lab_ = name;
  }
  // The name of the room that the member is in then; "": refused.
  std::string joined(Slot slot, std::string_view name, const Room::Position& position) {
    const auto entered = join(slot, name, position);
    if (!entered) {
      EXPECT_EQ(entered.error(), Reason::no_such_room);
      return {};
    }
    return std::string{rooms().name(entered->room.index)};
  }
};

TEST_F(KnownRoomTest, ARenamedRoomIsJoinedUnderItsFormerName) {
  const std::uint64_t read = tail_of("lab");
  leave(bob_, "lab");
  rename_lab("hall");
  say_in(ada_, "hall", "meanwhile");
  const auto entered = join(bob_, "lab", known(read));
  ASSERT_TRUE(entered);
  EXPECT_EQ(rooms().name(entered->room.index), "hall");
  EXPECT_EQ(entered->offset, read);
}

TEST_F(KnownRoomTest, TheKnownRoomGoesBeforeAnotherOneThatHasItsNameNow) {
  const auto read = known(tail_of("lab"));
  leave(bob_, "lab");
  rename_lab("hall");
  ASSERT_TRUE(make(max_, "lab"));
  EXPECT_EQ(joined(bob_, "lab", read), "hall");
  EXPECT_EQ(joined(eve_, "lab", {}), "lab");
}

TEST_F(KnownRoomTest, APositionOfAnotherHistoryOrOfARoomThatIsGoneIsIgnored) {
  const std::uint64_t read = tail_of("lab");
  leave(bob_, "lab");
  rename_lab("hall");
  EXPECT_EQ(joined(bob_, "lab", {.history_id = state_.header().epoch + 1, .offset = read}), "");
  EXPECT_EQ(joined(bob_, "lab", {.history_id = state_.header().epoch, .offset = {}}), "");
  EXPECT_EQ(joined(bob_, "lab", known(0)), "");
  EXPECT_EQ(joined(bob_, "lab", known(~std::uint64_t{0})), "");
  EXPECT_EQ(joined(bob_, "hall", known(state::first_offset(state::RoomId{77}))), "hall");
  for (const Slot slot : {ada_, max_, bob_}) leave(slot, "hall");
  tick_after(config_.rooms.linger);
  ASSERT_FALSE(exists("hall"));
  EXPECT_EQ(joined(eve_, "lab", known(read)), "");
}

// The numbers of rooms are easy to guess, the name of a hidden room is not.
TEST_F(KnownRoomTest, AHiddenRoomIsNotFoundByItsNumber) {
  const std::uint64_t read = tail_of("lab");
  leave(bob_, "lab");
  leave(max_, "lab");
  rights().properties(lab()).is_hidden = 1;
  rename_lab("lab-x7");
  for (const std::uint64_t offset : {read, std::uint64_t{state::first_offset(lab()->id)}}) {
    EXPECT_EQ(joined(eve_, "lab", known(offset)), "");
    EXPECT_EQ(joined(bob_, "lab", known(offset)), "");
  }
  EXPECT_EQ(joined(max_, "lab", known(read)), "lab-x7") << "a moderator";
  EXPECT_EQ(joined(bob_, "lab-x7", known(read)), "lab-x7");
}

// Otherwise `join pub` with a guessed offset would say that a room has that id.
TEST_F(KnownRoomTest, ARoomThatTheMemberMayNotEnterIsAsAbsentAsOneThatWasNeverMade) {
  ASSERT_TRUE(make(ada_, "den"));
  ASSERT_TRUE(make(ada_, "attic"));
  ASSERT_TRUE(make(ada_, "pub"));
  rights().properties(place_of("den")).is_invited = 1;
  ASSERT_EQ(moderate_in(place_of("attic"), ada_, Action::ban, "eve"), std::nullopt);
  for (const auto room : {id_of("den"), id_of("attic"), state::RoomId{77}}) {
    EXPECT_EQ(joined(eve_, "pub", known(state::first_offset(room) + 1)), "pub");
    leave(eve_, "pub");
  }
}

TEST_F(KnownRoomTest, AMemberThatIsBannedInTheKnownRoomJoinsTheRoomOfThatName) {
  const std::uint64_t read = tail_of("lab");
  ASSERT_EQ(moderate(ada_, Action::ban, "bob"), std::nullopt);
  rename_lab("hall");
  EXPECT_EQ(joined(bob_, "lab", known(read)), "");
  EXPECT_EQ(joined(bob_, "hall", known(read)), "");
  ASSERT_TRUE(make(max_, "lab"));
  EXPECT_EQ(joined(bob_, "lab", known(read)), "lab");
}

TEST_F(KnownRoomTest, ARoomForInvitedMembersIsJoinedUnderItsFormerNameByThoseOnItsList) {
  const std::uint64_t read = tail_of("lab");
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  leave(bob_, "lab");
  rename_lab("hall");
  EXPECT_EQ(joined(bob_, "lab", known(read)), "hall");
  EXPECT_EQ(joined(eve_, "lab", known(read)), "");
  EXPECT_EQ(joined(eve_, "hall", known(read)), "");
}

TEST_F(KnownRoomTest, ASuccessorFindsTheRoom) {
  const std::uint64_t read = tail_of("lab");
  leave(bob_, "lab");
  rename_lab("hall");
  restart();
  EXPECT_EQ(joined(bob_, "lab", known(read)), "hall");
}

}  // namespace
}  // namespace chatd::chat
