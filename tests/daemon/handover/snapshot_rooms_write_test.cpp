// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "daemon/handover/snapshot_rooms.hpp"
#include "tests/daemon/handover/field_names.hpp"
#include "tests/daemon/handover/rooms_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using state::RoomPlace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SnapshotRoomsWriteTest : public RoomsRegion {
 protected:
  SnapshotRoomsWriteTest() { add_member(kAda, "ada"); }

  // The ids in the snapshot's list of rooms.
  [[nodiscard]] std::vector<std::uint32_t> ids() const {
    std::vector<std::uint32_t> all;
    const json snapshot = written();
    for (const json& room : snapshot.at("rooms")) all.push_back(room.at("id"));
    return all;
  }
  // The ids of the rooms that ada is in.
  [[nodiscard]] std::vector<std::uint32_t> adas() const { return adas("rooms"); }
  // The ids of the rooms that ada was removed from.
  [[nodiscard]] std::vector<std::uint32_t> adas_removed() const { return adas("removed"); }

 private:
  [[nodiscard]] std::vector<std::uint32_t> adas(const char* list) const {
    std::vector<std::uint32_t> all;
    const json snapshot = written();
    for (const json& one : snapshot.at("sessions").at(0).at("session").at(list)) {
      all.push_back(one.at("room"));
    }
    return all;
  }
};

TEST_F(SnapshotRoomsWriteTest, WithoutRoomsTheListIsEmpty) {
  EXPECT_TRUE(written().at("rooms").empty());
  EXPECT_EQ(written().at("last_room"), 0);
  EXPECT_FALSE(written().contains("appending"));
  EXPECT_THAT(adas(), IsEmpty());
}

// The names are those that predecessors and successors of other versions read and write.
TEST_F(SnapshotRoomsWriteTest, EachFieldOfARoomHasItsName) {
  enter(kAda, 4, make(1, 7, "Lab"));
  const json room = written().at("rooms").at(0);
  EXPECT_THAT(field_names(room),
              ElementsAre("address", "born", "crowd", "empty_since", "has_lines", "id", "kept",
                          "log", "made", "maker", "maker_end", "maker_generation", "maker_slot",
                          "name", "properties", "scope"));
  EXPECT_THAT(field_names(room.at("log")),
              ElementsAre("begin_offset", "begin_sequence", "bytes", "from", "next_sequence"));
  EXPECT_EQ(room.at("id"), 7);
  EXPECT_EQ(room.at("name"), "Lab");
  EXPECT_EQ(room.at("made"), 5'000'000);
  const json adas_room = written().at("sessions").at(0).at("session").at("rooms").at(0);
  EXPECT_THAT(field_names(adas_room),
              ElementsAre("acked", "change", "counted", "room", "stream", "untold", "window"));
  EXPECT_EQ(adas_room.at("room"), 7);
  EXPECT_EQ(adas_room.at("stream"), wire::kFirstRoomStream + 4);
  EXPECT_EQ(adas_room.at("acked"), std::uint64_t{first_offset(state::RoomId{7})});
}

TEST_F(SnapshotRoomsWriteTest, ARoomThatIsMadeIsKeptAlsoWithoutMembers) {
  make(0, 1, "lab");
  make(1, 2, "den", true);
  make(2, 3, "gone");
  rooms().drop(state::RoomIndex{2});
  EXPECT_THAT(ids(), ElementsAre(1U, 2U));
}

TEST_F(SnapshotRoomsWriteTest, ARoomBeingMadeIsKeptIfItsMakerHasEnteredIt) {
  begin_room(0, 1, "lab");
  EXPECT_THAT(ids(), IsEmpty());
  enter(kAda, 0, {.id = state::RoomId{1}, .index = state::RoomIndex{0}});
  EXPECT_THAT(ids(), ElementsAre(1U));
  EXPECT_THAT(adas(), ElementsAre(1U));
}

// The gateway was killed, and no other gateway started. The join or leave record decides.
TEST_F(SnapshotRoomsWriteTest, ASubscriptionIsKeptIfTheLogListsTheMember) {
  const RoomPlace lab = make(0, 1, "lab");
  begin_enter(kAda, 0, lab);
  EXPECT_THAT(adas(), IsEmpty());
  append(lab, state::RecordKind::join, kAda, {});
  EXPECT_THAT(adas(), ElementsAre(1U));
  rooms().settle(kAda, 0);
  EXPECT_THAT(adas(), ElementsAre(1U));
  begin_leave(kAda, 0, lab);
  EXPECT_THAT(adas(), ElementsAre(1U));
  append(lab, state::RecordKind::leave, kAda, {});
  EXPECT_THAT(adas(), IsEmpty());
  rooms().release(kAda, 0);
  EXPECT_THAT(adas(), IsEmpty());
}

// The gateway was killed before it appended the record `left`.
TEST_F(SnapshotRoomsWriteTest, AMemberWhoseKickIsInTheLogIsRemoved) {
  const RoomPlace lab = make(0, 1, "lab");
  enter(kAda, 4, lab);
  begin_leave(kAda, 4, lab, state::SubscriptionPhase::removing);
  EXPECT_THAT(adas(), ElementsAre(1U));
  EXPECT_THAT(adas_removed(), IsEmpty());
  append(lab, state::RecordKind::kick, kAda, {});
  EXPECT_THAT(adas(), IsEmpty());
  EXPECT_THAT(adas_removed(), ElementsAre(1U));
  const json removed = written().at("sessions").at(0).at("session").at("removed").at(0);
  EXPECT_EQ(removed, json({{"stream", wire::kFirstRoomStream + 4}, {"room", 1}, {"name", "lab"}}));
  rooms().release(kAda, 4);
  EXPECT_THAT(adas_removed(), IsEmpty());
}

TEST_F(SnapshotRoomsWriteTest, TheMembersOfARoomBeingDroppedAreRemoved) {
  const RoomPlace lab = make(0, 1, "lab");
  const RoomPlace den = make(1, 2, "den");
  enter(kAda, 0, lab);
  enter(kAda, 1, den);
  begin_leave(kAda, 1, den, state::SubscriptionPhase::removing);
  for (const RoomPlace& room : {lab, den}) rooms().begin_drop(room.index);
  EXPECT_THAT(ids(), IsEmpty());
  EXPECT_THAT(adas(), IsEmpty());
  EXPECT_THAT(adas_removed(), ElementsAre(1U, 2U));
}

TEST_F(SnapshotRoomsWriteTest, ASubscriptionToARoomThatDoesNotExistIsNotKept) {
  enter(kAda, 0, make(0, 1, "lab"));
  enter(kAda, 1, make(1, 2, "den"));
  enter(kAda, 2, {.id = state::RoomId{3}, .index = state::RoomIndex{3}});
  rooms().drop(state::RoomIndex{0});
  rooms().subscription(kAda, 2).room.store(
      state::to_word({.id = {}, .index = state::RoomIndex{99}}));
  EXPECT_THAT(adas(), ElementsAre(2U));
  // A bit without a subscription.
  state_.native_slots()[kAda].subscriptions.store(~0U);
  EXPECT_THAT(adas(), ElementsAre(2U));
}

TEST_F(SnapshotRoomsWriteTest, LastRoomIsTheHighestIdOfAllServices) {
  make(0, 1, "lab");
  make(1, 9, "den");
  rooms().drop(state::RoomIndex{1});
  EXPECT_EQ(written().at("last_room"), 9);
  state_.keeping().last_room = 12;
  EXPECT_EQ(written().at("last_room"), 12);
}

TEST_F(SnapshotRoomsWriteTest, AppendingIsTheRoomOfTheLastAppend) {
  append(make(3, 6, "lab"), state::RecordKind::say, kAda, "hello");
  EXPECT_EQ(written().at("appending"), 6);
}

TEST_F(SnapshotRoomsWriteTest, ARoomHasItsWholeLog) {
  const RoomPlace lab = make(0, 7, "lab");
  for (int i = 0; i < 100; ++i) {  // more than once around the ring
    append(lab, state::RecordKind::say, kAda, std::to_string(i) + std::string(300, 'x'));
  }
  const json log = written().at("rooms").at(0).at("log");
  const std::uint64_t from = log.at("from");
  EXPECT_EQ(from, state_.room_log(lab.index).oldest());
  EXPECT_GT(from, first_offset(lab.id));
  EXPECT_EQ(from + log.at("bytes").get_binary().size(), state_.room_log(lab.index).tail());
  EXPECT_EQ(log.at("next_sequence"), 100);
}

}  // namespace
}  // namespace chatd::handover
