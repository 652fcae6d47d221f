// SPDX-License-Identifier: GPL-3.0-or-later
// Violations in the history of a further room that is changed.
#include <algorithm>
#include <ranges>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/heard_at.hpp"
#include "tests/fault/chaos/history_check.hpp"
#include "tests/fault/chaos/room_change.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::RecordKind;
using Dialect = History::Dialect;

// ada, who made the room, changes it; bob joins.
class RoomChangesCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> violations() const {
    History history;
    const auto ada = history.begin_reader("ada", Dialect::native, true);
    std::uint64_t number = 0;
    for (const std::uint16_t value : sent_) {
      history.sent(ada, ++number,
                   {.text = set(value).text, .kind = RecordKind::set, .fate = fate_, .why = why_});
    }
    for (const Heard& heard : room_) history.heard(ada, heard);
    const auto bob = history.begin_reader("bob", Dialect::native);
    for (const Heard& heard : earlier_) history.earlier(bob, heard);
    const auto join = std::ranges::find(room_, "bob", &Heard::name);
    for (const Heard& heard : std::ranges::subrange(join, room_.end())) history.heard(bob, heard);
    if (is_removed_) history.removed(bob);
    if (is_muted_) {
      for (const Heard& heard : room_ | std::views::take(2)) {
        history.announced({.text = heard.text, .kind = heard.kind});
      }
    }
    RoomRules rules{"ada"};
    rules.apply(at(0, RecordKind::join, "ada"));
    return find_violations(history,
                           {.before = {"ada"}, .after = {"ada", "bob"}, .rules = std::move(rules)},
                           Scope::further_room);
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(violations(), Contains(HasSubstr(text)));
  }
  static Heard set(std::uint16_t value, int time = 0) {
    return at(time, RecordKind::set, "ada",
              record_text({.property = wire::RoomProperty::invited, .value = value}));
  }
  // The administrator mutes ada, or ends it.
  static Heard moderated(wire::ModerateAction action) {
    return at(0, RecordKind::moderated, "", record_text({.action = action, .name = "ada"}));
  }

  std::vector<std::uint16_t> sent_{1, 0, 1, 0};
  std::vector<Heard> room_{set(1, 1), set(0, 2), set(1, 3), set(0, 4),
                           at(5, RecordKind::join, "bob")};
  std::vector<Heard> earlier_{};
  History::Fate fate_{History::Fate::confirmed};
  std::string why_;
  bool is_removed_{false};
  bool is_muted_{false};  // the first two records of the room are the administrator's
};

TEST_F(RoomChangesCheck, FindsNoViolationInAValidHistory) { EXPECT_THAT(violations(), IsEmpty()); }

TEST_F(RoomChangesCheck, FindsAChangeThatWasCarriedOutTwice) {
  sent_ = {1, 0, 0};
  expect_violation("in the order twice:");
}

TEST_F(RoomChangesCheck, FindsAnAcknowledgedChangeThatIsLost) {
  sent_ = {1, 0, 1, 0, 1};
  expect_violation("acknowledged and lost: ada's \"invited 1\"");
}

TEST_F(RoomChangesCheck, FindsAChangeThatNobodyMade) {
  sent_ = {};
  expect_violation("nobody sent:");
}

TEST_F(RoomChangesCheck, AChangeIsRefusedOnlyForAReasonOfTheRoom) {
  room_.erase(room_.begin(), room_.end() - 1);
  fate_ = History::Fate::refused;
  why_ = "no_right";
  EXPECT_THAT(violations(), IsEmpty());
  why_ = "rules_full";
  expect_violation("refused, and its sender could not help it: ada's \"invited 1\", rules_full");
}

// ada's changes are refused, and the administrator has muted ada at some time, or nobody has.
TEST_F(RoomChangesCheck, FindsAChangeThatWasRefusedForAMuteThatWasNeverInForce) {
  room_.erase(room_.begin(), room_.end() - 1);
  fate_ = History::Fate::refused;
  why_ = "muted";
  expect_violation("refused, and its sender could not help it: ada's \"invited 1\", muted");
  room_.insert(room_.begin(),
               {moderated(wire::ModerateAction::mute), moderated(wire::ModerateAction::unmute)});
  is_muted_ = true;
  EXPECT_THAT(violations(), IsEmpty());
}

TEST_F(RoomChangesCheck, FindsARemovalThatHasNoRecord) {
  is_removed_ = true;
  expect_violation("bob was removed, and no record shows it after:");
}

TEST_F(RoomChangesCheck, FindsALineFromBeforeAJoinThatTheMemberMayNotRead) {
  earlier_ = {set(0, 4)};
  expect_violation("bob was not there, and received:");
}

TEST_F(RoomChangesCheck, FindsALineFromBeforeAJoinOutOfOrder) {
  sent_ = {};
  room_ = {at(1, RecordKind::leave, "ada"), at(2, RecordKind::join, "ada"),
           at(3, RecordKind::join, "bob")};
  earlier_ = {room_[0]};
  expect_violation("bob received from before its join, out of order:");
}

}  // namespace
}  // namespace chatd::test
