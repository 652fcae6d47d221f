// SPDX-License-Identifier: GPL-3.0-or-later
// Topics and other properties of rooms in a snapshot.
#include <optional>

#include <gmock/gmock.h>

#include "daemon/handover/snapshot_rules.hpp"
#include "tests/daemon/handover/field_names.hpp"
#include "tests/daemon/handover/rooms_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

// The lab and the default room have some properties each.
class SnapshotPropertiesTest : public RoomsRegion {
 protected:
  static constexpr state::RoomId kLab{7};

  SnapshotPropertiesTest() {
    const state::RoomIndex lab_row = make(0, 7, "Lab").index;
    auto& lab = state_.properties(lab_row);
    set_topic(state_.registry_head(), lab, "ada", "lesson 1", kThen);
    lab.slow_seconds = 3600;
    lab.history = 30;
    lab.history_since = 40;
    lab.is_hidden = true;
    auto& room = state_.properties(std::nullopt);
    set_topic(state_.registry_head(), room, {}, "welcome", kThen);
    set_topic(state_.registry_head(), room, {}, "hello", kNow);
    room.is_lecture = true;
  }
};

TEST_F(SnapshotPropertiesTest, TopicsAndPropertiesAreRestored) {
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  const auto& lab = next.state_.properties(next.row_of(kLab).value());
  EXPECT_EQ(view_of(topic_of(lab).text), "lesson 1");
  EXPECT_EQ(view_of(topic_of(lab).by), "ada");
  EXPECT_EQ(topic_of(lab).set_wall, 5'000'000);
  EXPECT_EQ(lab.slow_seconds, 3600);
  EXPECT_EQ(lab.history, 30);
  EXPECT_EQ(lab.history_since.load(), 40U);
  EXPECT_TRUE(lab.is_hidden);
  EXPECT_FALSE(lab.is_invited || lab.is_lecture);
  const auto& room = next.state_.properties(std::nullopt);
  EXPECT_EQ(view_of(topic_of(room).text), "hello");
  EXPECT_EQ(view_of(topic_of(room).by), "");
  EXPECT_TRUE(room.is_lecture);
  EXPECT_EQ(next.written().at("properties"), written().at("properties"));
  EXPECT_EQ(next.written().at("rooms")[0].at("properties"),
            written().at("rooms")[0].at("properties"));
}

TEST_F(SnapshotPropertiesTest, EachPropertyThatIsSetHasItsName) {
  EXPECT_THAT(field_names(written().at("rooms")[0].at("properties")),
              ElementsAre("hidden", "history", "history_since", "invited", "lecture",
                          "open_since_number", "slow", "topic", "topic_by", "topic_set"));
}

TEST_F(SnapshotPropertiesTest, ARoomWithDamagedPropertiesIsHiddenAndInvited) {
  for (const char* name : {"slow", "hidden", "invited", "topic"}) {
    json bad = written();
    bad["rooms"][0]["properties"][name] = json::array();
    RoomsRegion next;
    ASSERT_TRUE(next.read(bad)) << name;
    const auto& lab = next.state_.properties(next.row_of(kLab).value());
    EXPECT_TRUE(lab.is_hidden && lab.is_invited);
    EXPECT_EQ(view_of(topic_of(lab).text), "");
    EXPECT_EQ(lab.slow_seconds, 0);
  }
}

TEST_F(SnapshotPropertiesTest, ImpossibleTimesOfSlowModeAndHistoryAreReplaced) {
  json bad = written();
  for (json* properties : {&bad["properties"], &bad["rooms"][0]["properties"]}) {
    (*properties)["slow"] = (*properties)["history"] = 60'000;
  }
  RoomsRegion next;
  ASSERT_TRUE(next.read(bad));
  const auto& room = next.state_.properties(std::nullopt);
  EXPECT_EQ(room.slow_seconds, wire::kMaxSlowSeconds);
  EXPECT_EQ(room.history, wire::kHistoryOfServer);
  const auto& lab = next.state_.properties(next.row_of(kLab).value());
  EXPECT_EQ(lab.slow_seconds, wire::kMaxSlowSeconds);
  EXPECT_EQ(lab.history, wire::kHistoryOfServer);
}

TEST_F(SnapshotPropertiesTest, ADefaultRoomWithDamagedPropertiesStaysOpen) {
  json bad = written();
  bad["properties"]["invited"] = true;
  bad["properties"]["hidden"] = "yes";
  RoomsRegion next;
  ASSERT_TRUE(next.read(bad));
  const auto& room = next.state_.properties(std::nullopt);
  EXPECT_FALSE(room.is_invited || room.is_hidden || room.is_lecture);
  EXPECT_EQ(view_of(topic_of(room).text), "");
}

}  // namespace
}  // namespace chatd::handover
