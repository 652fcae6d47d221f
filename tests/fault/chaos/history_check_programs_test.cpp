// SPDX-License-Identifier: GPL-3.0-or-later
// Violations in the history of a user with two programs.
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/heard_at.hpp"
#include "tests/fault/chaos/history_check.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::RecordKind;
using Dialect = History::Dialect;

// ada is a member from the beginning. bob joins with one program, and logs in with a second one
// before he says "two".
class ProgramsCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> violations() const {
    History history;
    const auto ada = history.begin_reader("ada", Dialect::native, true);
    const auto first = history.begin_reader("bob", Dialect::native);
    const auto second = history.begin_reader("bob", Dialect::native);
    const History::Fate confirmed = History::Fate::confirmed;
    if (is_first_told_early_) history.came_in(first);
    history.sent(ada, 1, {.text = "one", .fate = confirmed});
    history.sent(ada, 2, {.text = "three", .fate = confirmed});
    history.sent(ada, 3,
                 {.text = "to both" + std::string(filling_, '.'),
                  .to = "bob",
                  .fate = to_both_,
                  .why = why_,
                  .receivers = {first, second},
                  .has_no_other = true,
                  .waits = waits_});
    history.sent(first, 1, {.text = "two", .fate = confirmed});
    history.sent(first, 2,
                 {.text = "to ada",
                  .to = "ada",
                  .fate = confirmed,
                  .receivers = {ada},
                  .informed = {second}});
    history.sent(second, 1, {.text = "four", .fate = confirmed});
    history.direct(ada, direct("bob", "to ada"));
    for (const Heard& heard : room_) history.heard(ada, heard);
    for (const Heard& heard : first_lines_ ? *first_lines_ : room_) history.heard(first, heard);
    for (const Heard& heard : second_lines_) history.heard(second, heard);
    for (const Heard& heard : first_direct_) history.direct(first, heard);
    for (const Heard& heard : second_direct_) history.direct(second, heard);
    for (const Heard& heard : first_copies_) history.copy(first, heard);
    for (const Heard& heard : copies_) history.copy(second, heard);
    if (!is_first_told_early_) history.came_in(first);
    if (are_earlier_late_) history.refused(ada, 3, why_);
    for (const auto& message : earlier_messages_) {
      const auto sender = history.begin_reader("ada", Dialect::native);
      history.sent(sender, 1, message);
      if (message.fate == History::Fate::confirmed) history.confirmed(sender, 1, message.waits);
      history.over(sender);
    }
    if (!why_.empty() && !are_earlier_late_) history.refused(ada, 3, why_);
    if (is_first_over_) history.over(first);
    if (is_second_over_) history.over(second);
    if (has_ended_client_) history.client_ended("bob");
    if (has_repeated_login_) history.login_repeated(first);
    if (has_late_login_) history.login_repeated(history.begin_reader("bob", Dialect::native));
    return find_violations(
        history, {.before = {"ada"}, .after = after_, .programs = {{"bob", programs_}}}, scope_);
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), Contains(HasSubstr(text)));
  }
  static Heard direct(std::string name, std::string text) {
    return at(9, RecordKind::direct, std::move(name), std::move(text));
  }
  // A record that the programs of bob and ada receive, before the one of that place.
  void insert(std::ptrdiff_t place, const Heard& heard) {
    room_.insert(room_.begin() + place, heard);
    second_lines_.insert(second_lines_.begin() + (place - 2), heard);
  }

  std::vector<Heard> room_{at(1, RecordKind::join, "bob"), at(2, RecordKind::say, "ada", "one"),
                           at(3, RecordKind::say, "bob", "two"),
                           at(4, RecordKind::say, "ada", "three"),
                           at(5, RecordKind::say, "bob", "four")};
  std::optional<std::vector<Heard>> first_lines_;
  std::vector<Heard> second_lines_{room_.begin() + 2, room_.end()};
  std::vector<Heard> first_direct_{direct("ada", "to both")};
  std::vector<Heard> second_direct_{direct("ada", "to both")};
  std::vector<Heard> first_copies_{};
  std::vector<Heard> copies_{direct("ada", "to ada")};
  std::vector<std::string> after_{"ada", "bob"};
  Programs programs_{.running = 2, .on_server = 2};
  History::Fate to_both_{History::Fate::confirmed};
  std::string why_;
  bool waits_{false};
  std::size_t filling_{0};
  Scope scope_{Scope::default_room};
  bool is_first_over_{false};
  bool is_second_over_{false};
  bool has_ended_client_{false};
  bool has_repeated_login_{false};
  bool is_first_told_early_{false};              // that it is in: before any message was sent
  bool has_late_login_{false};                   // a third program, of which everything is lost
  std::vector<History::Sent> earlier_messages_;  // of other programs of ada, before a refusal
  bool are_earlier_late_{false};                 // they were sent after it
};

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
  has_ended_client_ = true;
  EXPECT_THAT(violations(), IsEmpty());
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

TEST_F(ProgramsCheck, FindsAMessageThatWaitedAndCameToBothPrograms) {
  waits_ = true;
  expect_violation("waited, and 2 programs of bob got it: ada's direct message \"to both\"");
  second_direct_ = {};
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, AllowsAMessageThatWaitedToComeAgainAfterTheEndOfAProgram) {
  waits_ = true;
  is_first_over_ = true;
  first_lines_ = std::vector<Heard>{room_.begin(), room_.begin() + 3};
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(ProgramsCheck, FindsAMessageThatWaitedAndNeverCame) {
  waits_ = true;
  first_direct_ = {};
  second_direct_ = {};
  expect_violation("waited, and no program of bob got it: ada's direct message \"to both\"");
}

// Both programs of bob have ended, and the message to them is refused because too many wait.
class WaitsFullCheck : public ProgramsCheck {
 protected:
  WaitsFullCheck() {
    first_direct_ = second_direct_ = {};
    is_first_over_ = is_second_over_ = has_ended_client_ = true;
    programs_ = {};
    to_both_ = History::Fate::refused;
    why_ = "waits_full";
  }
  // bob received those that did.
  void add_earlier(std::size_t count, History::Fate fate, bool waits = false) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string text = "earlier " + std::to_string(earlier_messages_.size());
      if (fate == History::Fate::confirmed) first_direct_.push_back(direct("ada", text));
      earlier_messages_.push_back({.text = text, .to = "bob", .fate = fate, .waits = waits});
    }
  }
  static constexpr std::string_view kViolation =
      "ada's direct message \"to both\" to bob, waits_full";
};

TEST_F(WaitsFullCheck, AllowsARefusalIfFiveMessagesWait) {
  add_earlier(4, History::Fate::confirmed, true);
  expect_violation(kViolation);
  add_earlier(1, History::Fate::confirmed, true);
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(WaitsFullCheck, AMessageWithoutAnAnswerMayWait) {
  add_earlier(5, History::Fate::unknown);
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(WaitsFullCheck, FindsARefusalIfTheEarlierMessagesWereDelivered) {
  add_earlier(4, History::Fate::confirmed, true);
  add_earlier(4, History::Fate::confirmed);
  expect_violation(kViolation);
}

TEST_F(WaitsFullCheck, FindsARefusalIfTheMessagesThatWaitWereSentLater) {
  add_earlier(5, History::Fate::confirmed, true);
  are_earlier_late_ = true;
  expect_violation(kViolation);
}

}  // namespace
}  // namespace chatd::test
