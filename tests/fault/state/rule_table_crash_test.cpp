// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of a change of a rule or of a topic: its successor finds
// what was before or what is afterwards, and never a mixture.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/chat/rules.hpp"
#include "daemon/state/room_properties.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

class RuleTableCrashTest : public test::StateFixture {
 protected:
  static constexpr WallTime kNow{std::chrono::seconds{9}};

  // All values of the rule are made of `value`.
  static RuleTable::Making ban_of(std::uint64_t value, std::uint64_t person) {
    static const std::vector<std::string> kTexts = [] {
      std::vector<std::string> texts;
      for (char c = 'a'; c <= 'z'; ++c) texts.emplace_back(50, c);
      return texts;
    }();
    const std::string& text = kTexts.at(value);
    return {.kind = RuleKind::ban,
            .target = RuleTarget::person,
            .person = PersonId{person},
            .name = text,
            .by = text,
            .reason = text,
            .note = text,
            .now = WallTime{Micros{value}},
            .until = WallTime{Micros{1000 + value}}};
  }
  // The rules that a successor has, as PERSON=VALUE. Each has the values of one rule.
  std::vector<std::string> found() {
    chat::Rules rules{state_};
    rules.adopt();
    std::vector<std::string> all;
    for (auto rule = rules.next(0); rule;
         rule = rules.next(static_cast<std::uint32_t>(*rule) + 1)) {
      const RuleSlot& row = rules.row(*rule);
      const auto value = static_cast<std::uint64_t>(row.made_wall);
      const auto made = ban_of(value, static_cast<std::uint64_t>(row.person));
      EXPECT_EQ(row.until_wall, made.until.time_since_epoch().count());
      for (const auto text : {view_of(row.name), view_of(row.by), view_of(row.reason)}) {
        EXPECT_EQ(text, made.reason);
      }
      EXPECT_EQ(view_of(row.note), made.note);
      all.push_back(std::to_string(static_cast<std::uint64_t>(row.person)) + "=" +
                    std::to_string(value));
    }
    EXPECT_EQ(rules.size(), all.size());
    for (std::uint32_t row = 0; row < state_.rule_head().used; ++row) {
      const std::uint64_t version = state_.rule_slots()[row].version;
      EXPECT_FALSE(is_being_written(version));
      EXPECT_LE(version, state_.registry_head().version);
    }
    return all;
  }
  chat::Rules adopted() const {
    chat::Rules rules{state_};
    rules.adopt();
    return rules;
  }
};

TEST_F(RuleTableCrashTest, ARuleIsMadeOrNot) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    chat::Rules before = adopted();
    ASSERT_TRUE(before.add(ban_of(1, 1)));
    const bool was_killed = test::is_killed_at(step, [&] { (void)before.add(ban_of(2, 2)); });
    const auto rules = found();
    EXPECT_THAT(rules, AnyOf(ElementsAre("1=1"), ElementsAre("1=1", "2=2")));
    // The successor goes on.
    chat::Rules next = adopted();
    ASSERT_TRUE(next.add(ban_of(2, 2)));
    ASSERT_TRUE(next.add(ban_of(3, 3)));
    EXPECT_EQ(found().size(), 3U);
    if (!was_killed) {
      EXPECT_GT(step, 3);
      return;
    }
  }
}

// One of the crash points is between the new rule and the removal of the old rule.
TEST_F(RuleTableCrashTest, ARuleIsReplacedOrNot) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    chat::Rules before = adopted();
    ASSERT_TRUE(before.add(ban_of(1, 1)));
    const bool was_killed = test::is_killed_at(step, [&] { (void)before.add(ban_of(2, 1)); });
    // The successor is killed, too.
    for (int second = 1; test::is_killed_at(second, [&] { (void)adopted(); }); ++second) {
      EXPECT_THAT(found(), AnyOf(ElementsAre("1=1"), ElementsAre("1=2")));
    }
    EXPECT_THAT(found(), AnyOf(ElementsAre("1=1"), ElementsAre("1=2")));
    if (!was_killed) {
      EXPECT_THAT(found(), ElementsAre("1=2"));
      EXPECT_GT(step, 4);
      return;
    }
  }
}

TEST_F(RuleTableCrashTest, ARuleIsRemovedOrNot) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    chat::Rules before = adopted();
    const auto rule = before.add(ban_of(1, 1));
    ASSERT_TRUE(rule && before.add(ban_of(2, 2)));
    const bool was_killed = test::is_killed_at(step, [&] { before.remove(*rule); });
    EXPECT_THAT(found(), AnyOf(ElementsAre("2=2"), ElementsAre("1=1", "2=2")));
    if (!was_killed) {
      EXPECT_THAT(found(), ElementsAre("2=2"));
      return;
    }
  }
}

TEST_F(RuleTableCrashTest, ARuleEndsAtItsOldOrItsNewTime) {
  for (int step = 1;; ++step) {
    renew_region();
    chat::Rules before = adopted();
    const auto rule = before.add(ban_of(1, 1));
    ASSERT_TRUE(rule);
    const bool was_killed =
        test::is_killed_at(step, [&] { before.set_until(*rule, WallTime{Micros{77}}); });
    EXPECT_THAT(adopted().row(*rule).until_wall.load(), AnyOf(77, 1001));
    if (!was_killed) return;
  }
}

TEST_F(RuleTableCrashTest, ATopicIsTheOldOrTheNewOne) {
  RoomProperties& room = state_.properties(std::nullopt);
  for (const std::string last : {"", "one", "two"}) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      set_topic(state_.registry_head(), room, last, last,
                WallTime{Micros{static_cast<std::int64_t>(last.size())}});
      const bool was_killed = test::is_killed_at(
          step, [&] { set_topic(state_.registry_head(), room, "new", "new", kNow); });
      const RoomTopic& topic = topic_of(room);
      const std::string text{view_of(topic.text)};
      EXPECT_THAT(text, AnyOf(last, "new"));
      EXPECT_EQ(view_of(topic.by), text);
      EXPECT_EQ(topic.set_wall, text == "new" ? kNow.time_since_epoch().count()
                                              : static_cast<std::int64_t>(last.size()));
      if (!was_killed) {
        EXPECT_EQ(text, "new");
        break;
      }
    }
  }
}

}  // namespace
}  // namespace chatd::state
