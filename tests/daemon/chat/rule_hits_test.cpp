// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_hits.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::chat {
namespace {

using state::RuleKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Ada and bob are at one address, eve is on this machine.
class RuleHitsTest : public NativeFixture {
 protected:
  RuleHitsTest()
      : ada_{enter("Ada", 1, "192.0.2.1:5").slot},
        bob_{enter("bob", 2, "192.0.2.1:6").slot},
        eve_{enter("eve", 3, "127.0.0.1:7").slot} {}

  std::vector<Slot> hit(const state::RuleTable::Making& rule) {
    const auto slots = hit_by(sessions(), rule);
    EXPECT_EQ(hit_by(sessions(), chat_->rules.row(add(rule))), slots);
    return slots;
  }
  state::RuleIndex add(const state::RuleTable::Making& rule) {
    return chat_->rules.add(rule).value();
  }
  static state::RuleTable::Making of_network(std::string_view text) {
    return test::ban_of_network(text);
  }
  static state::RuleTable::Making of_person(state::PersonId person) {
    return test::rule_for(RuleKind::ban, person);
  }
  static state::RuleTable::Making of_name(std::string_view name) {
    return test::rule_for(RuleKind::ban, name);
  }
  // "SLOT of rule ID"
  std::vector<std::string> banned() {
    std::vector<std::string> all;
    for (const Banned& one : banned_members(sessions(), chat_->rules, now().wall)) {
      all.push_back(std::to_string(one.member) + " of rule " +
                    std::to_string(chat_->rules.row(one.rule).id));
    }
    return all;
  }

  Slot ada_;
  Slot bob_;
  Slot eve_;
};

TEST_F(RuleHitsTest, ARuleIsForThePersonTheNameOrTheNetwork) {
  EXPECT_THAT(hit(of_person(sessions().person(bob_))), ElementsAre(bob_));
  EXPECT_THAT(hit(of_person(state::PersonId{1})), IsEmpty());
  EXPECT_THAT(hit(of_name("ADA")), ElementsAre(ada_));
  EXPECT_THAT(hit(of_name("adam")), IsEmpty());
  EXPECT_THAT(hit(of_network("192.0.2.0/24")), ElementsAre(ada_, bob_));
  EXPECT_THAT(hit(of_network("0.0.0.0/0")), ElementsAre(ada_, bob_));
  EXPECT_THAT(hit(of_network("198.51.100.0/24")), IsEmpty());
}

TEST_F(RuleHitsTest, ALeavingMemberIsNotHit) {
  sessions().remove(bob_, state::LeaveKind::quit, {}, now());
  EXPECT_THAT(hit(of_network("192.0.2.0/24")), ElementsAre(ada_));
  EXPECT_THAT(hit(of_name("bob")), IsEmpty());
}

TEST_F(RuleHitsTest, BannedMembersHaveARuleOfTheServerInForce) {
  EXPECT_THAT(banned(), IsEmpty());
  add(test::rule_for(RuleKind::mute, "ada"));
  add(test::rule_for(RuleKind::ban, "ada", state::RoomId{5}));
  auto ended = of_name("eve");
  ended.until = now().wall;
  add(ended);
  EXPECT_THAT(banned(), IsEmpty());
  add(of_network("192.0.2.1"));
  add(of_person(sessions().person(bob_)));
  EXPECT_EQ(banned(), (std::vector<std::string>{std::to_string(ada_) + " of rule 4",
                                                std::to_string(bob_) + " of rule 5"}));
  restart();
  EXPECT_EQ(banned().size(), 2U);
}

}  // namespace
}  // namespace chatd::chat
