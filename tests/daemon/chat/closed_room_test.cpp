// SPDX-License-Identifier: GPL-3.0-or-later
// Where a new member of a room begins to read: not before the time at which it might have been
// in the room, whatever position its client claims.
#include <gmock/gmock.h>

#include "daemon/log/log_follower.hpp"
#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

class ClosedRoomTest : public ModerationFixture {
 protected:
  // The first byte that the member gets, whose client claims to have read to `known`.
  std::uint64_t enter_from(Slot slot, std::uint64_t known) {
    const auto entered = join(slot, "lab", {.history_id = state_.header().epoch, .offset = known});
    expect_number_of_first_byte(slot);
    EXPECT_TRUE(entered);
    return entered ? entered->offset : 0;
  }
  // Stored lines are read from the same record on as the log.
  void expect_number_of_first_byte(Slot slot) {
    const auto first =
        rights().first_readable(slot, *lab(), state::Offset{tail_of("lab")}, now().wall);
    logs::RecordBuffer buffer{};
    logs::LogFollower follower{log_of("lab"), buffer, state::Offset{first.offset}};
    std::uint64_t readable = 0;
    for (wire::RecordView record{}; follower.next(record) == logs::LogFollower::Status::record;) {
      ++readable;
    }
    EXPECT_EQ(first.number, records_in("lab") - readable);
    EXPECT_EQ(number_for(slot), first.number);
  }
  std::uint64_t enter_from_the_beginning(Slot slot) {
    return enter_from(slot, state::first_offset(lab()->id));
  }
  std::uint64_t number_for(Slot slot) { return rights().first_number(slot, lab(), now().wall); }
  std::uint64_t records_in(std::string_view room) { return texts_in(room).size(); }
  void close() { ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt); }
  void open() { ASSERT_EQ(set(ada_, Property::invited, 0), std::nullopt); }
  // Leaves the room and enters it again from where it has read to.
  void expect_goes_on(Slot slot) {
    const std::uint64_t read = tail_of("lab");
    leave(slot, "lab");
    say_in(ada_, "lab", "meanwhile");
    EXPECT_EQ(enter_from(slot, read), read);
  }
};

TEST_F(ClosedRoomTest, AnInvitedMemberReadsNothingFromBeforeItsFirstTime) {
  close();
  say_in(ada_, "lab", "secret");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(enter_from_the_beginning(eve_), tail);
  expect_goes_on(eve_);
  leave(eve_, "lab");
  EXPECT_EQ(enter_from_the_beginning(eve_), tail);
  restart();
  leave(eve_, "lab");
  EXPECT_EQ(enter_from_the_beginning(eve_), tail);
}

TEST_F(ClosedRoomTest, ANewMemberOfAClosedRoomGetsNoReplay) {
  close();
  say_in(ada_, "lab", "secret");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(join(eve_, "lab").value().offset, tail);
}

TEST_F(ClosedRoomTest, LinesOfAClosedRoomAreNotReadAfterItIsOpened) {
  say_in(ada_, "lab", "before");
  close();
  say_in(ada_, "lab", "secret");
  open();
  const std::uint64_t opened = tail_of("lab");
  say_in(ada_, "lab", "public");
  EXPECT_EQ(enter_from_the_beginning(eve_), opened);
  restart();
  leave(eve_, "lab");
  EXPECT_EQ(enter_from_the_beginning(eve_), opened);
  // bob has been in all the time.
  leave(bob_, "lab");
  EXPECT_EQ(enter_from_the_beginning(bob_), state::first_offset(lab()->id));
}

TEST_F(ClosedRoomTest, AnOpenRoomIsReadFromItsBeginning) {
  EXPECT_EQ(enter_from_the_beginning(eve_), state::first_offset(lab()->id));
}

TEST_F(ClosedRoomTest, MembersOfTheListAndRolesGoOnWhereTheyHaveRead) {
  close();
  for (const Slot slot : {bob_, max_}) expect_goes_on(slot);
  const std::uint64_t read = tail_of("lab");
  leave(ada_, "lab");
  EXPECT_EQ(enter_from(ada_, read), read);
  ASSERT_EQ(moderate(ada_, Action::invite, "bob"), std::nullopt);  // once more
  expect_goes_on(bob_);
  ASSERT_EQ(moderate(ada_, Action::owner, "max"), std::nullopt);
  expect_goes_on(max_);
  ASSERT_EQ(moderate(ada_, Action::moderator, "bob"), std::nullopt);
  expect_goes_on(bob_);
}

TEST_F(ClosedRoomTest, TheEndOfAnInvitationEndsTheTimeOfAMember) {
  close();
  ASSERT_EQ(moderate(ada_, Action::uninvite, "bob"), std::nullopt);
  say_in(ada_, "lab", "about bob");
  leave(bob_, "lab");
  ASSERT_EQ(moderate(ada_, Action::invite, "bob"), std::nullopt);
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(enter_from_the_beginning(bob_), tail);
}

TEST_F(ClosedRoomTest, TheEndOfARoleEndsTheTimeOfAMemberThatIsNotInvited) {
  close();
  ASSERT_EQ(moderate(ada_, Action::no_role, "max"), std::nullopt);
  leave(max_, "lab");
  say_in(ada_, "lab", "about max");
  EXPECT_EQ(refusal(join(max_, "lab")), wire::Reason::no_such_room);
  ASSERT_EQ(moderate(ada_, Action::invite, "max"), std::nullopt);
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(enter_from_the_beginning(max_), tail);
}

TEST_F(ClosedRoomTest, AKickEndsTheTimeOfAMember) {
  close();
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  say_in(ada_, "lab", "about bob");
  ASSERT_EQ(moderate(ada_, Action::invite, "bob"), std::nullopt);
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(enter_from_the_beginning(bob_), tail);
}

TEST_F(ClosedRoomTest, AMemberReadsByNumberFromTheRecordThatItMayReadFrom) {
  say_in(ada_, "lab", "before");
  close();
  say_in(ada_, "lab", "secret");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  const std::uint64_t before = records_in("lab");
  ASSERT_TRUE(join(eve_, "lab"));
  say_in(ada_, "lab", "public");
  EXPECT_EQ(number_for(ada_), 0U);
  EXPECT_EQ(number_for(bob_), 0U) << "was in before";
  EXPECT_EQ(number_for(eve_), before);
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  EXPECT_EQ(number_for(bob_), records_in("lab")) << "nothing";
  restart();
  EXPECT_EQ(number_for(ada_), 0U);
  EXPECT_EQ(number_for(eve_), before);
}

TEST_F(ClosedRoomTest, AnOpenedRoomIsReadByNumberFromWhereItWasOpened) {
  close();
  say_in(ada_, "lab", "secret");
  open();
  const std::uint64_t opened = records_in("lab");
  say_in(ada_, "lab", "public");
  EXPECT_EQ(number_for(eve_), opened);
  EXPECT_EQ(rights().first_number(eve_, std::nullopt, now().wall), 0U);
}

// A rule of a service that has kept offsets only.
TEST_F(ClosedRoomTest, ARuleWithoutANumberShowsNothingThatIsStored) {
  close();
  const auto rule = rules().find(state::RuleKind::invitation, {.person = sessions().person(bob_)},
                                 lab()->id, now().wall);
  ASSERT_TRUE(rule);
  rules().set_since(*rule, {.offset = state::first_offset(lab()->id), .number = state::kNoNumber});
  EXPECT_EQ(number_for(bob_), records_in("lab"));
}

TEST_F(ClosedRoomTest, ARoomForKnownPersonsDoesNotExistForANewOneThatIsNotInvited) {
  ASSERT_EQ(set(max_, Property::enter, 1), wire::Reason::no_right);
  ASSERT_EQ(set(ada_, Property::enter, 1), std::nullopt);
  EXPECT_EQ(join(eve_, "lab").error(), wire::Reason::no_such_room);
  EXPECT_FALSE(rights().may_find(eve_, *lab(), now().wall));
  EXPECT_TRUE(rooms().find(bob_, lab()->id)) << "who is in stays in";
  const auto note = [&](Micros ago) {
    chat_->known.forget(sessions().person(eve_));
    chat_->known.note({.person = sessions().person(eve_), .address = {}, .began = now().wall - ago},
                      now().wall, [](state::PersonId) { return false; });
  };
  time_ += 2 * KnownPersons::kKnownAfter;
  note(KnownPersons::kKnownAfter - Micros{1});
  EXPECT_FALSE(rights().may_find(eve_, *lab(), now().wall));
  note(KnownPersons::kKnownAfter);
  EXPECT_TRUE(rights().may_find(eve_, *lab(), now().wall));
  ASSERT_EQ(set(ada_, Property::enter, 2), std::nullopt);
  EXPECT_EQ(join(eve_, "lab").error(), wire::Reason::no_such_room) << "she owns no name";
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  EXPECT_TRUE(join(eve_, "lab"));
}

}  // namespace
}  // namespace chatd::chat
