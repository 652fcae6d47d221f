// SPDX-License-Identifier: GPL-3.0-or-later
// A valid history has no violations; each kind of violation is planted and found.
#include "tests/fault/chaos/history_check.hpp"

#include <algorithm>
#include <ranges>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/heard_at.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::RecordKind;
using Dialect = History::Dialect;

// ada and bob receive all lines; cy is a text member; eve's first client was killed, and a second
// one took over its session.
class HistoryCheck : public ::testing::Test {
 protected:
  HistoryCheck() {
    room_ = {at(1, RecordKind::join, "ada"),         at(2, RecordKind::join, "bob"),
             at(3, RecordKind::join, "eve"),         at(4, RecordKind::join, "cy"),
             at(5, RecordKind::say, "ada", "one"),   at(6, RecordKind::say, "bob", "two"),
             at(7, RecordKind::say, "ada", "three"), at(8, RecordKind::announce, "", "lunch"),
             at(9, RecordKind::leave, "cy"),         at(10, RecordKind::action, "eve", "waves")};
    lines_ = {"OK",        "eve joined the chat", "ada : one",
              "bob : two", "ada : three",         "[admin] lunch"};
    after_ = {"ada", "bob", "eve"};
  }

  // ada's messages have the numbers 1 and 3; bob's has 1 and his direct message 2; eve's has 1.
  std::vector<std::string> violations() const {
    History history;
    const bool continues = std::ranges::find(before_, "ada") != before_.end();
    const auto ada = history.begin_reader("ada", Dialect::native, continues);
    history.sent(ada, 1, {.text = "one", .fate = one_, .why = why_});
    history.sent(ada, 3, {.text = "three", .fate = History::Fate::confirmed});
    for (const auto& heard : ada_hears_ ? *ada_hears_ : room_) history.heard(ada, heard);
    for (const auto& heard : direct_) history.direct(ada, heard);
    if (is_ada_over_) history.over(ada);
    const auto bob = history.begin_reader("bob", Dialect::native);
    history.sent(bob, 1, {.text = "two"});
    history.sent(bob, 2, {.text = "psst", .to = "ada", .fate = psst_, .receivers = {ada}});
    const auto bob_comes = std::ranges::find(room_, at(2, RecordKind::join, "bob"));
    for (const auto& heard : std::ranges::subrange(bob_comes, room_.end())) {
      history.heard(bob, heard);
    }
    const auto first_eve = history.begin_reader("eve", Dialect::native);
    const auto eve_comes = std::ranges::find(room_, at(3, RecordKind::join, "eve"));
    for (const auto& heard : std::span{eve_comes, 2}) history.heard(first_eve, heard);
    history.over(first_eve);
    const auto eve = history.begin_reader("eve", Dialect::native);
    history.sent(eve, 1, {.text = "waves"});
    for (const auto& heard : std::ranges::subrange(eve_comes + 4, room_.end())) {
      history.heard(eve, heard);
    }
    const auto cy = history.begin_reader("cy", Dialect::text);
    for (const auto& line : lines_) history.line(cy, line);
    if (is_announced_) history.announced({.text = "lunch", .is_confirmed = true});
    if (complains_) history.complaint(bob, "missed something");
    return find_violations(history, {.before = before_, .after = after_});
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), Contains(HasSubstr(text)));
  }

  std::vector<Heard> room_;
  std::optional<std::vector<Heard>> ada_hears_;
  std::vector<Heard> direct_{at(6, RecordKind::direct, "bob", "psst")};
  std::vector<std::string> lines_;
  std::vector<std::string> before_;
  std::vector<std::string> after_;
  History::Fate one_{History::Fate::confirmed};
  History::Fate psst_{History::Fate::confirmed};
  std::string why_;  // the refusal code of "one"
  bool is_ada_over_{false};
  bool is_announced_{true};
  bool complains_{false};
};

TEST_F(HistoryCheck, FindsNoViolationInAValidHistory) { EXPECT_THAT(violations(), IsEmpty()); }

TEST_F(HistoryCheck, AllowsALostUnconfirmedMessageOfAKilledClient) {
  one_ = History::Fate::unknown;
  is_ada_over_ = true;
  std::erase(room_, at(5, RecordKind::say, "ada", "one"));
  std::erase(lines_, "ada : one");
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(HistoryCheck, FindsALostMessageWithoutARefusal) {
  one_ = History::Fate::unknown;
  std::erase(room_, at(5, RecordKind::say, "ada", "one"));
  std::erase(lines_, "ada : one");
  expect_violation("lost, and its sender was not told: ada's \"one\"");
}

TEST_F(HistoryCheck, FindsARefusalThatTheSenderCouldNotAvoid) {
  one_ = History::Fate::refused;
  why_ = "too_fast";
  std::erase(room_, at(5, RecordKind::say, "ada", "one"));
  std::erase(lines_, "ada : one");
  expect_violation("refused, and its sender could not help it: ada's \"one\", too_fast");
  why_ = "too_long";
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(HistoryCheck, FindsALostAcknowledgedMessage) {
  std::erase(room_, at(5, RecordKind::say, "ada", "one"));
  std::erase(lines_, "ada : one");
  expect_violation("acknowledged and lost: ada's \"one\"");
}

TEST_F(HistoryCheck, FindsARefusedMessageThatWasSaid) {
  one_ = History::Fate::refused;
  expect_violation("refused and said all the same: ada's \"one\"");
}

TEST_F(HistoryCheck, FindsALineThatOneMemberMissed) {
  ada_hears_ = room_;
  std::erase(*ada_hears_, at(6, RecordKind::say, "bob", "two"));
  expect_violation("ada heard");
}

TEST_F(HistoryCheck, FindsAMemberThatMissedTheFirstLine) {
  std::erase(room_, at(1, RecordKind::join, "ada"));
  before_ = {"ada"};
  EXPECT_THAT(violations(), IsEmpty());
  ada_hears_ = room_;
  ada_hears_->erase(ada_hears_->begin());
  expect_violation("ada did not hear the beginning, and first:");
}

TEST_F(HistoryCheck, FindsAMemberThatHeardALineBeforeItsJoin) {
  std::swap(room_[0], room_[1]);
  expect_violation("ada heard before it came in:");
}

TEST_F(HistoryCheck, FindsAMemberThatMissedTheLastLine) {
  ada_hears_ = room_;
  ada_hears_->pop_back();
  expect_violation("ada heard no more after:");
}

TEST_F(HistoryCheck, FindsALineThatAMemberReceivedTwice) {
  ada_hears_ = room_;
  ada_hears_->insert(ada_hears_->begin() + 5, room_[4]);
  expect_violation("ada heard twice:");
}

TEST_F(HistoryCheck, FindsAMessageThatWasExecutedTwice) {
  room_.insert(room_.begin() + 6, at(60, RecordKind::say, "ada", "one"));
  expect_violation("in the order twice:");
}

TEST_F(HistoryCheck, FindsTwoMembersWithDifferentOrders) {
  ada_hears_ = room_;
  std::swap((*ada_hears_)[4], (*ada_hears_)[5]);
  expect_violation("right after");
}

TEST_F(HistoryCheck, FindsMessagesOfOneSenderInTheWrongOrder) {
  std::swap(room_[4], room_[6]);
  lines_ = {};
  expect_violation("ada's \"three\" was said before what it sent earlier");
}

TEST_F(HistoryCheck, FindsAMessageThatWasNeverSent) {
  room_.insert(room_.begin() + 7, at(70, RecordKind::say, "bob", "never"));
  expect_violation("nobody sent:");
}

TEST_F(HistoryCheck, FindsAnAnnouncementThatWasNotMade) {
  is_announced_ = false;
  expect_violation("nobody sent:");
}

TEST_F(HistoryCheck, FindsAnAnnouncementThatWasLost) {
  std::erase(room_, at(8, RecordKind::announce, "", "lunch"));
  lines_ = {};
  expect_violation("announced and lost: \"lunch\"");
}

TEST_F(HistoryCheck, FindsASecondJoin) {
  room_.insert(room_.begin() + 7, at(70, RecordKind::join, "bob"));
  expect_violation("came in twice:");
}

TEST_F(HistoryCheck, FindsALeaveWithoutAJoin) {
  room_.insert(room_.begin() + 7, at(70, RecordKind::leave, "zoe"));
  expect_violation("left and was not in:");
}

TEST_F(HistoryCheck, FindsARosterThatDiffers) {
  after_.emplace_back("cy");
  expect_violation("by what was heard these are in: ada bob eve; by the roster: ada bob cy eve");
}

TEST_F(HistoryCheck, BeginsWithTheMembersOfTheRosterBefore) {
  before_ = {"dan"};
  after_ = {"ada", "bob", "dan", "eve"};
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(HistoryCheck, FindsALostAndADuplicateDirectMessage) {
  direct_ = {};
  expect_violation("acknowledged, and ada never got it: bob's direct message \"psst\"");
  direct_ = {at(6, RecordKind::direct, "bob", "psst"), at(7, RecordKind::direct, "bob", "psst")};
  expect_violation("ada got a direct message twice:");
  direct_ = {at(6, RecordKind::direct, "bob", "psst"), at(7, RecordKind::direct, "eve", "boo")};
  expect_violation("ada got a direct message that nobody sent:");
  direct_ = {at(6, RecordKind::direct, "bob", "psst")};
  psst_ = History::Fate::refused;
  expect_violation("ada got a direct message that was refused:");
}

TEST_F(HistoryCheck, AllowsATextMemberToReadARunOfLinesAgain) {
  lines_.insert(lines_.begin() + 4, {"ada : one", "bob : two"});
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(HistoryCheck, FindsALineThatATextMemberReadOutOfOrder) {
  lines_ = {"bob : two", "ada : one"};
  expect_violation("cy read too late: \"ada : one\"");
  lines_ = {"ada : one", "bob : two", "ada : three", "ada : one", "ada : three"};
  expect_violation("cy read out of turn: \"ada : three\"");
}

TEST_F(HistoryCheck, FindsALineOfATextMemberThatWasNeverSaid) {
  lines_.emplace_back("bob : never");
  expect_violation("cy read what nobody said: \"bob : never\"");
}

TEST_F(HistoryCheck, ReportsTheComplaintsOfClients) {
  complains_ = true;
  expect_violation("bob: missed something");
}

// The history of a further room. ada is a member from the beginning; bob joins, leaves, and joins
// again.
class RoomHistoryCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> violations() const {
    History history;
    const auto ada = history.begin_reader("ada", Dialect::native, true);
    history.sent(ada, 1, {.text = "one", .fate = History::Fate::confirmed});
    history.sent(ada, 2, {.text = "two", .fate = History::Fate::confirmed});
    for (const Heard& heard : room_) history.heard(ada, heard);
    if (is_brief_) history.brief("bob");
    const auto first = history.begin_reader("bob", Dialect::native);
    history.sent(first, 1, {.text = "hello", .fate = hello_, .why = why_});
    for (const Heard& heard : first_lines_) history.heard(first, heard, is_replay_);
    if (has_left_) history.left(first);
    const auto second = history.begin_reader("bob", Dialect::native);
    for (const Heard& heard : second_lines_) history.heard(second, heard);
    return find_violations(history, {.before = {"ada"}, .after = {"ada", "bob"}},
                           Scope::further_room);
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), Contains(HasSubstr(text)));
  }

  std::vector<Heard> room_{
      at(1, RecordKind::join, "bob"),         at(2, RecordKind::say, "ada", "one"),
      at(3, RecordKind::say, "bob", "hello"), at(4, RecordKind::leave, "bob"),
      at(5, RecordKind::say, "ada", "two"),   at(6, RecordKind::join, "bob")};
  // Lines that bob received in the first and in the second membership.
  std::vector<Heard> first_lines_{room_.begin(), room_.begin() + 3};
  std::vector<Heard> second_lines_{room_.back()};
  History::Fate hello_{History::Fate::confirmed};
  std::string why_;
  bool has_left_{true};
  bool is_replay_{false};
  bool is_brief_{false};
};

TEST_F(RoomHistoryCheck, FindsNoViolationInAValidHistory) { EXPECT_THAT(violations(), IsEmpty()); }

TEST_F(RoomHistoryCheck, AllowsAMemberToReceiveItsOwnLeave) {
  first_lines_.push_back(room_[3]);
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, FindsALineAfterALeave) {
  first_lines_.assign(room_.begin(), room_.begin() + 5);
  expect_violation("bob received a line and was not a member:");
}

TEST_F(RoomHistoryCheck, AllowsLinesThatAMemberMissedBetweenTwoSessions) {
  first_lines_ = room_;
  second_lines_ = {room_.back()};
  expect_violation("bob received a line and was not a member:");
  is_replay_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, FindsAMembershipThatBeginsBeforeItsJoin) {
  second_lines_.insert(second_lines_.begin(), room_[4]);
  expect_violation("bob heard before it came in:");
}

TEST_F(RoomHistoryCheck, FindsAMessageOfANonMember) {
  room_[2].kind = RecordKind::leave;
  room_[2].text.clear();
  room_[3] = at(4, RecordKind::say, "bob", "hello");
  first_lines_.assign(room_.begin(), room_.begin() + 2);
  expect_violation("its sender was not a member:");
  is_brief_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, ABriefUserReadsLinesFromBeforeItsJoin) {
  second_lines_.insert(second_lines_.begin(), room_[4]);
  is_brief_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, RequiresTheLastLineOnlyFromMembers) {
  has_left_ = false;
  expect_violation("bob heard no more after:");
}

TEST_F(RoomHistoryCheck, AllowsARefusalOnlyAfterARemoval) {
  hello_ = History::Fate::refused;
  why_ = "not_in_room";
  room_.erase(room_.begin() + 2);
  first_lines_.assign(room_.begin(), room_.begin() + 2);
  EXPECT_THAT(violations(), IsEmpty());
  has_left_ = false;
  expect_violation("refused, and its sender could not help it: bob's \"hello\", not_in_room");
}

}  // namespace
}  // namespace chatd::test
