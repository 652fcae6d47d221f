// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry_rows.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/archive/registry_to_save.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class RegistryRowsTest : public test::RegistryToSave {
 protected:
  // The rows that have changed since the last call; "gone rules 3": the row has nothing any more.
  std::vector<std::string> changes() {
    const auto read = rows_.read();
    if (!read) return {"not now"};
    EXPECT_EQ(read->version, state_.registry_head().version);
    std::vector<std::string> all;
    for (const KeptRow& row : read->rows) {
      all.push_back(row.text ? test::summary_of(row.place, *row.text)
                             : fmt::format("gone {} {}", name_of(row.place.list), row.place.row));
    }
    return all;
  }
  RegistryRows rows_{follower_};
};

TEST_F(RegistryRowsTest, TheFirstTimeEverythingThatLastsIsRead) {
  ban(0, "bob");
  make_room(1, 7, "lab");
  set_topic(1, "physics");
  EXPECT_THAT(changes(),
              UnorderedElementsAre("properties 0 -", "rooms 1 lab physics", "rules 0 bob 0"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(RegistryRowsTest, LaterOnlyWhatHasChangedIsRead) {
  ban(0, "bob");
  ban(1, "cyd");
  make_room(0, 7, "lab");
  (void)changes();
  rules().set_until(state::RuleIndex{1}, WallTime{Micros{5}});
  EXPECT_THAT(changes(), ElementsAre("rules 1 cyd 0"));
  set_topic(std::nullopt, "one");
  set_topic(std::nullopt, "two");
  EXPECT_THAT(changes(), ElementsAre("properties 0 two"));
  set_topic(0, "three");
  rooms_.rename(state::RoomIndex{0}, "den");
  EXPECT_THAT(changes(), ElementsAre("rooms 0 den three"));
  unban(0);
  EXPECT_THAT(changes(), ElementsAre("gone rules 0"));
  rooms_.begin_drop(state::RoomIndex{0});
  rooms_.drop(state::RoomIndex{0});
  EXPECT_THAT(changes(), ElementsAre("gone rooms 0"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(RegistryRowsTest, TemporaryRoomsAndTheirRulesAreNotRead) {
  make_temporary(0, 7, "lab");
  set_topic(0, "physics");
  ban(0, "bob", state::RoomId{7});
  EXPECT_THAT(changes(), ElementsAre("properties 0 -"));
  rooms_.rename(state::RoomIndex{0}, "den");
  rules().remove(state::RuleIndex{0});
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(RegistryRowsTest, ARoomThatIsKeptFromNowOnHasItsRules) {
  make_temporary(0, 7, "lab");
  ban(0, "bob", state::RoomId{7});
  ban(1, "cyd", state::RoomId{8});
  (void)changes();
  rooms_.keep(state::RoomIndex{0});
  EXPECT_THAT(changes(), UnorderedElementsAre("rooms 0 lab -", "rules 0 bob 0"));
}

TEST_F(RegistryRowsTest, ARowOfAKeptRoomThatATemporaryOneGetsIsGone) {
  make_room(0, 7, "lab");
  (void)changes();
  rooms_.begin_drop(state::RoomIndex{0});
  rooms_.drop(state::RoomIndex{0});
  make_temporary(0, 8, "den");
  EXPECT_THAT(changes(), ElementsAre("gone rooms 0"));
  make_room(0, 9, "art");
  EXPECT_THAT(changes(), ElementsAre("rooms 0 art -"));
}

TEST_F(RegistryRowsTest, HitsAreReadWithoutAVersion) {
  ban(0, "bob");
  (void)changes();
  rules().hit(state::RuleIndex{0}, WallTime{Micros{5}});
  EXPECT_THAT(changes(), ElementsAre("rules 0 bob 1"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(RegistryRowsTest, ARowThatIsBeingWrittenIsNotReadAndThenAllIs) {
  ban(0, "bob");
  ban(1, "cyd");
  (void)changes();
  auto& version = state_.rule_slots()[1].version;
  const std::uint64_t before = version;
  version = before + 1;
  state_.registry_head().version = before + 2;
  EXPECT_THAT(changes(), ElementsAre("not now"));
  version = before + 2;
  EXPECT_THAT(changes(), UnorderedElementsAre("properties 0 -", "rules 0 bob 0", "rules 1 cyd 0"));
}

TEST_F(RegistryRowsTest, TheLastIdsAreThoseOfAllRoomsAndRules) {
  state_.keeping().last_room = 3;
  EXPECT_EQ(rows_.read()->last_room, 3U);
  make_temporary(0, 7, "lab");
  ban(0, "bob", state::RoomId{7});
  const auto read = rows_.read();
  EXPECT_EQ(read->last_room, 7U);
  EXPECT_EQ(read->last_rule, 1U);
}

}  // namespace
}  // namespace chatd::archive
