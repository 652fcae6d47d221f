// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/registry_read.hpp"

#include <gmock/gmock.h>

#include "daemon/state/rule_table.hpp"
#include "tests/daemon/handover/rooms_region.hpp"
#include "tests/support/registry_text.hpp"

namespace chatd::handover {
namespace {

using state::RoomId;
using state::RoomIndex;
using state::RoomPhase;
using test::properties;
using test::RegistryText;
using test::room_row;
using test::rule_row;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RegistryReadTest : public RoomsRegion {
 protected:
  RestoredRegistry restore(const RegistryText& text) { return restore(text.document()); }
  RestoredRegistry restore(const std::string& text) {
    const auto document = parse_registry(text);
    EXPECT_TRUE(document) << document.error().message();
    return restore_registry(*document, state_, kNow);
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (std::uint32_t row = 0; row < rooms().capacity(); ++row) {
      if (rooms().phase(RoomIndex{row}) == RoomPhase::made) {
        names.emplace_back(rooms().name(RoomIndex{row}));
      }
    }
    return names;
  }
};

TEST_F(RegistryReadTest, RoomsComeBackWithTheirIdsAndAnEmptyLog) {
  const auto restored = restore(RegistryText{
      .rooms = {room_row(7, "Lab", R"(,"properties":)" + properties("physics", R"(,"x":1)"))},
      .last_room = 12});
  EXPECT_EQ(restored.rooms, 1U);
  EXPECT_THAT(names(), ElementsAre("Lab"));
  const state::RoomSlot& row = state_.room_slot(RoomIndex{0});
  EXPECT_EQ(row.id, 7U);
  EXPECT_EQ(row.born, 17U);
  EXPECT_EQ(row.made_wall, 5'000'000);
  EXPECT_EQ(row.maker[31], std::byte{0xab});
  EXPECT_EQ(to_text(row.maker_network), "192.0.2.9");
  EXPECT_EQ(row.is_kept, 1);
  EXPECT_EQ(row.empty_since, 0);
  EXPECT_EQ(row.maker_generation, 0U) << "a session of another history";
  EXPECT_EQ(row.maker_end, 0U);
  EXPECT_EQ(state_.room_log(RoomIndex{0}).tail(), first_offset(RoomId{7}));
  const auto& set = state_.properties(RoomIndex{0});
  EXPECT_EQ(view_of(topic_of(set).text), "physics");
  EXPECT_EQ(view_of(topic_of(set).by), "ada");
  EXPECT_EQ(state_.keeping().last_room, 12U);
  EXPECT_EQ(state_.registry_head().loaded_from, 99U);
}

TEST_F(RegistryReadTest, RulesComeBackWithTheirIdsAndNoIdIsUsedTwice) {
  const auto restored = restore(
      RegistryText{.rooms = {room_row(7, "Lab")},
                   .rules = {rule_row(3, 5, 1, R"(,"room":7,"person":11)"),
                             rule_row(9, 1, 2, R"(,"name":"eve","reason":"spam","until":8000000)"),
                             rule_row(4, 1, 1, R"(,"room":8,"person":11)")},
                   .default_properties = properties("welcome"),
                   .last_rule = 20});
  EXPECT_EQ(restored.rules, 2U) << "one is for a room that does not exist";
  state::RuleTable rules{state_};
  ASSERT_EQ(rules.used(), 2U);
  EXPECT_EQ(rules.row(state::RuleIndex{0}).id, 9U);
  EXPECT_EQ(view_of(rules.row(state::RuleIndex{0}).reason), "spam");
  EXPECT_EQ(rules.row(state::RuleIndex{1}).person, state::PersonId{11});
  EXPECT_EQ(rules.row(state::RuleIndex{1}).room, RoomId{7});
  EXPECT_EQ(state_.rule_head().last_id, 20U);
  EXPECT_EQ(view_of(topic_of(state_.properties(std::nullopt)).text), "welcome");
}

TEST_F(RegistryReadTest, ADamagedRowIsLeftOutAndTheOthersAreRestored) {
  RegistryRows rows;
  rows.add("rooms", room_row(7, "Lab"));
  rows.add("rooms", "{\"id\":8");
  rows.add("rooms", R"({"id":9,"name":"without members"})");
  rows.add("rooms", room_row(7, "the same id"));
  rows.add("rooms", room_row(10, "LAB"));
  rows.add("rooms", room_row(0, "the default room"));
  rows.add("rooms", room_row(0xFFFF'FFFF, "no next id"));
  rows.add("rooms", room_row(11, std::string(65, 'x')));
  rows.add("rooms", room_row(12, "Den", R"(,"properties":{"slow":"x"})"));
  rows.add("rules", "[");
  rows.add("rules", rule_row(3, 77, 1, ""));
  rows.add("rules", rule_row(4, 1, 2, R"(,"name":"eve")"));
  rows.add("what", room_row(13, "later"));
  EXPECT_EQ(rows.damaged(), 2U);
  const auto restored = restore_registry(rows.document(), state_, kNow);
  EXPECT_THAT(names(), ElementsAre("Lab", "Den"));
  EXPECT_EQ(restored.rooms_damaged, 6U);
  EXPECT_EQ(restored.rules, 1U);
  EXPECT_EQ(restored.rules_left_out, 1U);
  EXPECT_EQ(state_.keeping().last_room, 12U);
  EXPECT_TRUE(state_.properties(RoomIndex{1}).is_invited) << "damaged properties close a room";
  for (std::uint32_t row = 2; row < 4; ++row) EXPECT_EQ(state_.room_slot(RoomIndex{row}).id, 0U);
}

TEST_F(RegistryReadTest, RoomsBeyondTheRowsAreLeftOutWithTheirRules) {
  RegistryText text{.rules = {rule_row(1, 5, 1, R"(,"room":6,"person":11)")}};
  for (std::uint32_t id = 1; id <= 6; ++id)
    text.rooms.push_back(room_row(id, fmt::format("r{}", id)));
  const auto restored = restore(text);
  EXPECT_EQ(restored.rooms, 4U);
  EXPECT_EQ(restored.rooms_left_out, 2U);
  EXPECT_EQ(restored.rules, 0U);
  EXPECT_EQ(state_.keeping().last_room, 6U) << "their ids are not used again";
}

TEST_F(RegistryReadTest, OtherTextsAreNoDocument) {
  for (const std::string_view text :
       {"", "[]", "{", "{}", R"({"version":"1"})", R"({"version":-1})"}) {
    const auto document = parse_registry(text);
    ASSERT_FALSE(document) << text;
    EXPECT_THAT(document.error().message(), HasSubstr("no document of chatd"));
  }
  const auto later = parse_registry(RegistryText{}.document(2));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().message(), "it has version 2, and this program knows 1");
}

TEST_F(RegistryReadTest, ADocumentWithoutListsIsEmpty) {
  for (const std::string_view lists :
       {R"()", R"(,"rooms":3,"rules":"x","properties":[],"last_room":"y","last_rule":-1)"}) {
    const auto restored = restore(fmt::format(R"({{"version":1{}}})", lists));
    EXPECT_EQ(restored.rooms + restored.rules, 0U);
    EXPECT_THAT(names(), IsEmpty());
  }
}

}  // namespace
}  // namespace chatd::handover
