// SPDX-License-Identifier: GPL-3.0-or-later
// Violations in the history of a user with two programs.
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/programs_check_fixture.hpp"

namespace chatd::test {
namespace {

using ::testing::IsEmpty;
using wire::RecordKind;

TEST_F(ProgramsCheck, FindsNoViolationInAValidHistory) {
  EXPECT_THAT(violations(), IsEmpty());
  scope_ = Scope::further_room;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, FindsAJoinOfTheSecondProgram) {
  insert(2, at(30, RecordKind::join, "bob"));
  expect_violation("came in twice:");
}

TEST_F(ProgramsCheck, FindsALeaveWhileAnotherProgramIsIn) {
  is_first_over_ = true;
  first_lines_ = std::vector<Heard>{room_.begin(), room_.begin() + 3};
  insert(3, at(30, RecordKind::leave, "bob"));
  expect_violation("bob received a line and was not a member: 1970-01-01T00:00:00.000Z say ada");
  expect_violation("its sender was not a member:");
}

TEST_F(ProgramsCheck, FindsALastProgramThatHasNoLeave) {
  is_first_over_ = is_second_over_ = true;
  after_ = {"ada"};
  expect_violation("by what was heard these are in: ada bob; by the roster: ada");
}

TEST_F(ProgramsCheck, FindsALineThatOneOfTwoProgramsMissed) {
  second_lines_.erase(second_lines_.begin() + 1);
  expect_violation("bob heard 1970-01-01T00:00:00.000Z say bob \"four\" right after");
}

TEST_F(ProgramsCheck, FindsALineThatOneOfTwoProgramsReceivedTwice) {
  second_lines_.insert(second_lines_.begin() + 1, second_lines_[0]);
  expect_violation("bob heard twice:");
}

TEST_F(ProgramsCheck, FindsAProgramThatMissedTheJoinOfItsUser) {
  first_lines_ = std::vector<Heard>{room_.begin() + 1, room_.end()};
  expect_violation("bob did not hear its own join, and first:");
  ended_client_ = {.begun = kHeard, .ended = kHeard};
  EXPECT_THAT(violations(), IsEmpty());
  ended_client_->ended = kHeard - EndedClients::kReadLate;
  ended_client_->begun = ended_client_->ended;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, FindsAMissedJoinThatNoEndedClientCanHaveMade) {
  first_lines_ = std::vector<Heard>{room_.begin() + 1, room_.end()};
  ended_client_ = {.begun = kHeard + Micros{1}, .ended = kHeard + std::chrono::hours{1}};
  expect_violation("bob did not hear its own join, and first:");
  const MonoTime early = kHeard - EndedClients::kReadLate - Micros{1};
  ended_client_ = {.begun = early, .ended = early};
  expect_violation("bob did not hear its own join, and first:");
}

TEST_F(ProgramsCheck, AllowsAProgramThatLoggedInAgainToMissTheJoinOfItsUser) {
  has_repeated_login_ = true;
  first_lines_ = std::vector<Heard>{room_.begin() + 1, room_.end()};
  EXPECT_THAT(violations(), IsEmpty());
  first_lines_->erase(first_lines_->begin() + 1);
  expect_violation("bob heard 1970-01-01T00:00:00.000Z say ada \"three\" right after");
}

TEST_F(ProgramsCheck, FindsAMessageThatAProgramMissedAfterItsRepeatedLogin) {
  has_repeated_login_ = true;
  first_lines_ = std::vector<Heard>{room_.begin() + 2, room_.end()};
  EXPECT_THAT(violations(), IsEmpty());
  is_first_told_early_ = true;
  expect_violation("bob was told that it is in, and did not hear what was sent then: ");
}

// The join that it received was the first one.
TEST_F(ProgramsCheck, FindsALaterJoinThatARepeatedLoginHasNotMade) {
  has_repeated_login_ = is_first_over_ = true;
  first_lines_ = std::vector<Heard>{room_.begin(), room_.begin() + 4};
  room_.insert(room_.begin() + 4,
               {at(40, RecordKind::leave, "bob"), at(41, RecordKind::join, "bob")});
  second_lines_ = {room_.back()};
  expect_violation("bob did not hear its own join, and first:");
}

TEST_F(ProgramsCheck, FindsAJoinThatIsOlderThanTheProgramWithTheRepeatedLogin) {
  has_late_login_ = true;
  first_lines_ = std::vector<Heard>{room_.begin() + 1, room_.end()};
  expect_violation("bob did not hear its own join, and first:");
}

TEST_F(ProgramsCheck, FindsADirectMessageThatOneOfTwoProgramsMissed) {
  second_direct_.clear();
  expect_violation("acknowledged, and bob never got it: ada's direct message \"to both\"");
  is_second_over_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, AllowsAProgramWhoseMailboxMayHaveBeenFullToMissADirectMessage) {
  filling_ = 2000;
  first_direct_ = {direct("ada", "to both" + std::string(filling_, '.'))};
  second_direct_.clear();
  EXPECT_THAT(violations(), IsEmpty());
  first_direct_.clear();
  expect_violation("acknowledged, and no program of bob got it: ada's direct message");
}

TEST_F(ProgramsCheck, FindsADirectMessageThatAProgramReceivedTwice) {
  second_direct_.push_back(second_direct_[0]);
  expect_violation("bob got a direct message twice:");
}

TEST_F(ProgramsCheck, FindsARefusalAlthoughTheDirectMessageHasAReceiver) {
  first_direct_ = second_direct_ = {};
  to_both_ = History::Fate::refused;
  for (const std::string why : {"mailbox_full", "no_such_member"}) {
    why_ = why;
    is_first_over_ = is_second_over_ = false;
    expect_violation(
        "refused, and its sender could not help it: ada's direct message \"to both\" to bob");
    is_first_over_ = true;
    expect_violation(
        "refused, and its sender could not help it: ada's direct message \"to both\" to bob");
    is_second_over_ = true;
    EXPECT_THAT(violations(), IsEmpty());
  }
  why_ = "too_fast";
  expect_violation(
      "refused, and its sender could not help it: ada's direct message \"to both\" to bob");
}

TEST_F(ProgramsCheck, FindsTheRefusalOfAMessageToAnOwnerThatIsNotThere) {
  first_direct_ = second_direct_ = {};
  to_both_ = History::Fate::refused;
  why_ = "no_such_member";
  is_first_over_ = is_second_over_ = true;
  owned_ = {"ada"};
  EXPECT_THAT(violations(), IsEmpty());
  owned_ = {"bob"};
  expect_violation("ada's direct message \"to both\" to bob, no_such_member");
}

TEST_F(ProgramsCheck, FindsAnOwnDirectMessageThatTheOtherProgramMissed) {
  copies_.clear();
  expect_violation(
      "acknowledged, and another program of bob never got a copy: the direct message \"to ada\"");
}

TEST_F(ProgramsCheck, FindsAnOwnDirectMessageThatTheOtherProgramReceivedTwice) {
  copies_.push_back(copies_[0]);
  expect_violation("bob got a copy twice:");
}

TEST_F(ProgramsCheck, FindsACopyOfAMessageThatNoProgramSent) {
  copies_.push_back(direct("ada", "never"));
  expect_violation("bob got a copy that nobody sent:");
}

TEST_F(ProgramsCheck, FindsACopyForTheProgramThatHasSentTheMessage) {
  first_copies_ = copies_;
  expect_violation("bob got a copy of what it sent itself:");
}

TEST_F(ProgramsCheck, FindsAProgramThatTheServerDoesNotHave) {
  programs_.on_server = 1;
  expect_violation("bob runs 2 programs, and the server has 1");
}

TEST_F(ProgramsCheck, FindsAProgramThatOnlyTheServerHas) {
  programs_.on_server = 3;
  expect_violation("bob runs 2 programs, and the server has 3");
}

}  // namespace
}  // namespace chatd::test
