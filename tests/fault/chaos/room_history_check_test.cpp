// SPDX-License-Identifier: GPL-3.0-or-later
// The history of a further room: a valid one has no violations; each kind of violation that only
// further rooms have is planted and found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/history_check.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::RecordKind;
using Dialect = History::Dialect;

Heard line(int time, RecordKind kind, std::string name, std::string text = {}) {
  return {.kind = kind,
          .name = std::move(name),
          .text = std::move(text),
          .time = WallTime{Micros{time}}};
}

// ada is in the room from the beginning on. bob joins, leaves, and joins again.
class RoomHistoryCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> violations() const {
    History history;
    const auto ada = history.begin_reader("ada", Dialect::native);
    history.sent(ada, 1, {.text = "one", .fate = History::Fate::confirmed});
    history.sent(ada, 2, {.text = "two", .fate = History::Fate::confirmed});
    for (const Heard& heard : room_) history.heard(ada, heard);
    const auto first = history.begin_reader("bob", Dialect::native);
    history.sent(first, 1, {.text = "hello", .fate = hello_, .why = why_});
    for (const Heard& heard : first_stay_) history.heard(first, heard, is_replay_);
    if (has_left_) history.left(first);
    const auto second = history.begin_reader("bob", Dialect::native);
    for (const Heard& heard : second_stay_) history.heard(second, heard);
    return find_violations(history, {.before = {"ada"}, .after = {"ada", "bob"}},
                           Scope::further_room);
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), Contains(HasSubstr(text)));
  }

  std::vector<Heard> room_{
      line(1, RecordKind::join, "bob"),         line(2, RecordKind::say, "ada", "one"),
      line(3, RecordKind::say, "bob", "hello"), line(4, RecordKind::leave, "bob"),
      line(5, RecordKind::say, "ada", "two"),   line(6, RecordKind::join, "bob")};
  std::vector<Heard> first_stay_{room_.begin(), room_.begin() + 3};
  std::vector<Heard> second_stay_{room_.back()};
  History::Fate hello_{History::Fate::confirmed};
  std::string why_;
  bool has_left_{true};
  bool is_replay_{false};
};

TEST_F(RoomHistoryCheck, FindsNoViolationInAValidHistory) { EXPECT_THAT(violations(), IsEmpty()); }

TEST_F(RoomHistoryCheck, AllowsAMemberToReceiveItsOwnLeave) {
  first_stay_.push_back(room_[3]);
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, FindsALineAfterALeave) {
  first_stay_.assign(room_.begin(), room_.begin() + 5);
  expect_violation("bob received a line of a room in which it was not:");
}

TEST_F(RoomHistoryCheck, AllowsLinesThatAMemberMissedBetweenTwoSessions) {
  first_stay_ = room_;
  second_stay_ = {room_.back()};
  expect_violation("bob received a line of a room in which it was not:");
  is_replay_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomHistoryCheck, FindsAStayThatBeginsWithoutItsJoin) {
  second_stay_.insert(second_stay_.begin(), room_[4]);
  expect_violation("bob heard before it came in:");
}

TEST_F(RoomHistoryCheck, FindsAMessageOfANonMember) {
  room_[2].kind = RecordKind::leave;
  room_[2].text.clear();
  room_[3] = line(4, RecordKind::say, "bob", "hello");
  first_stay_.assign(room_.begin(), room_.begin() + 2);
  expect_violation("its sender was not a member:");
}

TEST_F(RoomHistoryCheck, RequiresTheLastLineOnlyFromMembers) {
  has_left_ = false;
  expect_violation("bob heard no more after:");
}

TEST_F(RoomHistoryCheck, AllowsARefusalOnlyAfterARemoval) {
  hello_ = History::Fate::refused;
  why_ = "not_in_room";
  room_.erase(room_.begin() + 2);
  first_stay_.assign(room_.begin(), room_.begin() + 2);
  EXPECT_THAT(violations(), IsEmpty());
  has_left_ = false;
  expect_violation("refused, and its sender could not help it: bob's \"hello\", not_in_room");
}

}  // namespace
}  // namespace chatd::test
