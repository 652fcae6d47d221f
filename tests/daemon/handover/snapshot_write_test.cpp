// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_format.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/daemon/handover/field_names.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;

class SnapshotWriteTest : public test::StateFixture {
 protected:
  void open(std::uint32_t slot, std::string_view name) {
    sessions_.open(state::Slot{slot},
                   {.kind = state::SessionKind::text,
                    .delivery = test::delivery_to(test::endpoint("192.0.2.1:5000")),
                    .name = name,
                    .log_tail = 0,
                    .joined = test::wall_at(std::chrono::seconds{1}),
                    .now = test::mono_at(std::chrono::seconds{1})});
  }
  [[nodiscard]] json written() const { return json::from_cbor(write_snapshot(state_, keys_)); }
  state::SessionTable sessions_{state_};
};

TEST_F(SnapshotWriteTest, OfAnEmptyRoomHasTheHistoryIdAndNoSessions) {
  const json snapshot = written();
  EXPECT_EQ(snapshot.at("format"), 1);
  EXPECT_EQ(snapshot.at("epoch"), test::kHistoryId);
  EXPECT_TRUE(snapshot.at("sessions").empty());
  EXPECT_EQ(snapshot.at("generations").size(), state_.slots().size());
}

TEST_F(SnapshotWriteTest, HasExactlyTheActiveMembers) {
  open(2, "ada");
  sessions_.activate(state::Slot{2});
  open(3, "bob");  // joining
  open(5, "cyd");
  sessions_.activate(state::Slot{5});
  sessions_.begin_leave(state::Slot{5}, state::LeaveKind::quit, 0);
  const json snapshot = written();
  ASSERT_EQ(snapshot.at("sessions").size(), 1U);
  const json& ada = snapshot.at("sessions").at(0);
  EXPECT_EQ(ada.at("slot"), 2);
  EXPECT_EQ(ada.at("name"), "ada");
  EXPECT_EQ(ada.at("native"), false);
}

TEST_F(SnapshotWriteTest, KeepsTheUnprovedMarkOfSessions) {
  state::Delivery to = test::delivery_to(test::endpoint("192.0.2.1:5000"));
  to.unproved = 1;
  sessions_.open(
      state::Slot{0},
      {.delivery = to, .name = "ada", .log_tail = 0, .joined = {}, .now = test::mono_at({})});
  sessions_.activate(state::Slot{0});
  test::StandaloneRegion successor;
  ASSERT_TRUE(read_snapshot(write_snapshot(state_, keys_), successor.state_, successor.keys_,
                            test::wall_at(std::chrono::seconds{2})));
  EXPECT_EQ(successor.state_.slots()[0].delivery.unproved, 1U);
}

TEST_F(SnapshotWriteTest, KeepsWhoHasSaidThatItIsAway) {
  for (const std::uint32_t slot : {0U, 1U}) {
    open(slot, "member" + std::to_string(slot));
    sessions_.activate(state::Slot{slot});
    state_.slots()[slot].kind = state::SessionKind::native;
  }
  state::SaidAway said{.changed = 7, .text = {}, .is_away = 1};
  assign(said.text, "lunch");
  state_.native_slots()[1].away.decision = 21;
  say_away(state_.native_slots()[1].away, said);
  const json snapshot = written();
  EXPECT_FALSE(snapshot.at("sessions").at(0).at("session").contains("said_away"))
      << "as that of an older service";
  EXPECT_EQ(snapshot.at("sessions").at(1).at("session").at("away_text"), "lunch");
  test::StandaloneRegion successor;
  ASSERT_TRUE(read_snapshot(write_snapshot(state_, keys_), successor.state_, successor.keys_,
                            test::wall_at(std::chrono::seconds{2})));
  const auto natives = successor.state_.native_slots();
  EXPECT_EQ(state::said_away(natives[0].away).is_away, 0);
  EXPECT_EQ(state::said_away(natives[1].away).is_away, 1);
  EXPECT_EQ(state::said_away(natives[1].away).changed, 7);
  EXPECT_EQ(view_of(state::said_away(natives[1].away).text), "lunch");
  EXPECT_EQ(natives[1].away.decision, 21U);
}

// The names are those that predecessors and successors of other versions read and write.
TEST_F(SnapshotWriteTest, EachFieldHasItsName) {
  open(2, "ada");
  sessions_.activate(state::Slot{2});
  state_.slots()[2].kind = state::SessionKind::native;
  using ::testing::ElementsAre;
  const json snapshot = written();
  const json& ada = snapshot.at("sessions").at(0);
  std::vector<std::string> fields{
      "crowd",   "epoch", "format",    "generations", "gone",     "last_room", "last_rule",
      "leaving", "log",   "lost_tail", "properties",  "protocol", "registry",  "reset_secret",
      "rooms",   "rules", "sessions",  "sockets",     "has_end",  kSnapshotEnd};
  for (const std::string_view table : state::KeptTables::kNames) fields.emplace_back(table);
  EXPECT_THAT(field_names(snapshot), ::testing::UnorderedElementsAreArray(fields));
  EXPECT_THAT(field_names(ada),
              ElementsAre("brief_since", "counted", "delivery", "generation", "habit", "joined",
                          "last_heard", "messages", "name", "native", "rate_arrival", "sent",
                          "sent_generation", "session", "slot", "start_offset", "untold"));
  EXPECT_THAT(field_names(ada.at("delivery")),
              ElementsAre("address", "local", "newline", "port", "scope", "socket", "unproved"));
  EXPECT_THAT(field_names(ada.at("session")),
              ElementsAre("acked", "attached", "away_since", "client", "client_since",
                          "clock_offset", "connection", "datagram", "delivery", "identity", "keys",
                          "live_offset", "mailbox", "next_subscription", "not_kept_to",
                          "packet_counter", "plain", "reads_direct", "removed", "room_start",
                          "rooms", "rttvar", "srtt", "uplink", "wants_saved", "window"));
  EXPECT_THAT(field_names(ada.at("session").at("keys")),
              ElementsAre("base", "epoch", "key", "replay_next", "replay_seen", "rx_epoch",
                          "rx_even", "rx_odd", "since"));
}

// Bob's gateway was killed before bob had joined or left, and no other gateway started.
TEST_F(SnapshotWriteTest, ASessionThatIsListedButNoMemberIsGone) {
  const auto tell = [&](state::RecordKind kind, std::uint32_t slot) {
    state::RoomLog{state_}.append({.kind = kind,
                                   .sender = sessions_.sender(state::Slot{slot}),
                                   .name = sessions_.name(state::Slot{slot}),
                                   .text = {},
                                   .time = test::wall_at(std::chrono::seconds{1})});
  };
  open(3, "bob");
  EXPECT_TRUE(written().at("gone").empty());
  tell(state::RecordKind::join, 3);
  EXPECT_EQ(written().at("gone").at(0).at("name"), "bob");
  sessions_.activate(state::Slot{3});
  EXPECT_TRUE(written().at("gone").empty());
  sessions_.begin_leave(state::Slot{3}, state::LeaveKind::quit, state_.ring_head().tail.load());
  EXPECT_EQ(written().at("gone").at(0).at("name"), "bob");
  EXPECT_TRUE(written().at("leaving").empty());
  tell(state::RecordKind::leave, 3);
  EXPECT_TRUE(written().at("gone").empty());
  EXPECT_EQ(written().at("leaving").at(0).at("name"), "bob");
}

// The same for a member that is counted.
TEST_F(SnapshotWriteTest, ACountedSessionIsGoneIfItWasCounted) {
  auto& room = state_.room_head();
  const auto open_counted = [&] {
    sessions_.open(state::Slot{3},
                   {.delivery = test::delivery_to(test::endpoint("192.0.2.1:5")),
                    .name = "bob",
                    .log_tail = 0,
                    .joined = test::wall_at(std::chrono::seconds{1}),
                    .now = test::mono_at(std::chrono::seconds{1}),
                    .telling = {.is_counted = true, .counted_before = counted(room.crowd)}});
  };
  open_counted();
  EXPECT_TRUE(written().at("gone").empty());
  count_join(room.crowd);
  EXPECT_EQ(written().at("gone").at(0).at("counted"), 1);
  sessions_.activate(state::Slot{3});
  EXPECT_EQ(written().at("sessions").at(0).at("counted"), 1);
  sessions_.begin_leave(state::Slot{3}, state::LeaveKind::quit, 0,
                        {.is_counted = true, .counted_before = counted(room.crowd)});
  EXPECT_EQ(written().at("gone").at(0).at("counted"), 1);
  count_leave(room.crowd);
  EXPECT_TRUE(written().at("gone").empty());
  EXPECT_EQ(written().at("leaving").at(0).at("name"), "bob");
  EXPECT_EQ(written().at("crowd"), json({{"joined", 1}, {"left", 1}}));
}

// No member lists a session whose join is not told.
TEST_F(SnapshotWriteTest, ABriefSessionIsGoneOnlyIfItsJoinWasTold) {
  const auto open_briefly = [&] {
    sessions_.open(state::Slot{3}, {.delivery = test::delivery_to(test::endpoint("192.0.2.1:5")),
                                    .name = "bob",
                                    .log_tail = 0,
                                    .joined = test::wall_at(std::chrono::seconds{1}),
                                    .now = test::mono_at(std::chrono::seconds{1}),
                                    .telling = {.is_late = true},
                                    .brief_since = 7});
  };
  const auto append = [&](state::RecordKind kind) {
    state::RoomLog{state_}.append({.kind = kind,
                                   .sender = sessions_.sender(state::Slot{3}),
                                   .name = "bob",
                                   .text = {},
                                   .time = test::wall_at(std::chrono::seconds{1})});
  };
  open_briefly();
  append(state::RecordKind::say);
  EXPECT_TRUE(written().at("gone").empty());
  sessions_.activate(state::Slot{3});
  EXPECT_EQ(written().at("sessions").at(0).at("untold"), true);
  EXPECT_EQ(written().at("sessions").at(0).at("brief_since"), 7);
  sessions_.begin_leave(state::Slot{3}, state::LeaveKind::quit, 0, {.is_late = true});
  EXPECT_TRUE(written().at("gone").empty());
  EXPECT_EQ(written().at("leaving").at(0).at("name"), "bob");
  sessions_.release(state::Slot{3});

  open_briefly();
  sessions_.activate(state::Slot{3});
  sessions_.begin_late_join(state::Slot{3}, state_.ring_head().tail.load(), {});
  EXPECT_EQ(written().at("sessions").at(0).at("untold"), true);
  append(state::RecordKind::join);
  EXPECT_EQ(written().at("sessions").at(0).at("untold"), false);
  sessions_.end_late_join(state::Slot{3}, false);
  EXPECT_EQ(written().at("sessions").at(0).at("untold"), false);
}

// A snapshot has the logs of all rooms: a buffer that doubles its size would need their memory once
// more.
TEST_F(SnapshotWriteTest, TheSnapshotHasNoSpareMemory) {
  for (std::uint32_t slot = 0; slot < 8; ++slot) {
    open(slot, "member" + std::to_string(slot));
    sessions_.activate(state::Slot{slot});
  }
  const auto bytes = write_snapshot(state_, keys_);
  EXPECT_EQ(bytes.capacity(), bytes.size());
}

TEST_F(SnapshotWriteTest, HasTheWholeLog) {
  state::RoomLog log{state_};
  for (int i = 0; i < 300; ++i) {  // more than once around the ring
    log.append({.kind = state::RecordKind::say,
                .sender = {},
                .name = "ada",
                .text = std::string(100, 'x'),
                .time = test::wall_at(std::chrono::seconds{1}),
                .uplink_offset = 0});
  }
  const json snapshot = written();
  const std::uint64_t from = snapshot.at("log").at("from");
  EXPECT_EQ(from, state_.ring_head().oldest.load());
  EXPECT_EQ(from + snapshot.at("log").at("bytes").get_binary().size(),
            state_.ring_head().tail.load());
}

}  // namespace
}  // namespace chatd::handover
