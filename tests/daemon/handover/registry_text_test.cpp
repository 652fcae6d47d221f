// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/registry_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;

class RegistryTextTest : public test::StateFixture {
 protected:
  RegistryTextTest()
      : StateFixture{{.sessions = 4, .ring_bytes = 16384, .rooms = 2, .room_ring_bytes = 16384}} {}
  static constexpr WallTime kNow{std::chrono::seconds{9}};
  state::RuleTable rules_{state_};
  state::RoomTable rooms_{state_};
};

TEST_F(RegistryTextTest, ARuleHasTheFieldsOfASnapshot) {
  (void)rules_.make(state::RuleIndex{0}, {.kind = state::RuleKind::ban,
                                          .target = state::RuleTarget::person,
                                          .person = state::PersonId{77},
                                          .name = "bob",
                                          .reason = "too \"loud\"",
                                          .now = kNow});
  rules_.hit(state::RuleIndex{0}, kNow);
  const json rule = json::parse(text_of(rules_.row(state::RuleIndex{0})));
  EXPECT_EQ(rule.at("kind"), 1);
  EXPECT_EQ(rule.at("person"), 77);
  EXPECT_EQ(rule.at("name"), "bob");
  EXPECT_EQ(rule.at("reason"), "too \"loud\"");
  EXPECT_EQ(rule.at("made"), 9'000'000);
  EXPECT_EQ(rule.at("hits"), 1);
  EXPECT_FALSE(rule.contains("version"));
  EXPECT_FALSE(rule.contains("until"));  // it has none
}

TEST_F(RegistryTextTest, ANetworkIsHexadecimal) {
  (void)rules_.make(state::RuleIndex{0}, {.kind = state::RuleKind::ban,
                                          .target = state::RuleTarget::network,
                                          .network = parse_network("10.1.0.0/16").value()});
  const json rule = json::parse(text_of(rules_.row(state::RuleIndex{0})));
  EXPECT_EQ(rule.at("address"), "00000000000000000000ffff0a010000");
  EXPECT_EQ(rule.at("prefix"), 112);
}

TEST_F(RegistryTextTest, ARoomHasItsNameAndItsPropertiesButNoLog) {
  const state::RoomIndex room{1};
  rooms_.make(room,
              {.id = state::RoomId{7}, .name = "实验", .is_kept = true, .now = kNow, .maker = {}});
  rooms_.settle(room);
  set_topic(state_.registry_head(), state_.properties(room), "ada", "lesson 1", kNow);
  const json text = json::parse(text_of(rooms_.slot(room), state_.properties(room)));
  EXPECT_EQ(text.at("name"), "实验");
  EXPECT_EQ(text.at("id"), 7);
  EXPECT_EQ(text.at("kept"), 1);
  EXPECT_EQ(text.at("maker"), std::string(64, '0'));
  EXPECT_EQ(text.at("properties").at("topic"), "lesson 1");
  EXPECT_FALSE(text.contains("log"));
  EXPECT_FALSE(text.contains("crowd"));
}

TEST_F(RegistryTextTest, ATextThatIsNoUtf8DoesNotStopTheOthers) {
  set_topic(state_.registry_head(), state_.properties(std::nullopt), "ada", "a\xFF", kNow);
  const json text = json::parse(text_of(state_.properties(std::nullopt)));
  EXPECT_EQ(text.at("topic"), "a\uFFFD");
}

}  // namespace
}  // namespace chatd::handover
