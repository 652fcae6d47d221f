// SPDX-License-Identifier: GPL-3.0-or-later
// An archive is killed after each step of storing messages. Its successor stores the rest, and each
// message is stored once, in its order.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;

class HistoryCrashTest : public test::RoomsToRead {
 protected:
  // Stores all that is in the logs, in batches of two lines.
  void store_all() {
    LogReader reader{follower_, "chat", {.lines = 2, .bytes = 1000}};
    History history{{.directory = directory_.path(),
                     .epoch = follower_.header().epoch,
                     .max_bytes = test::kLargeDatabase,
                     .max_age = {}},
                    reader,
                    state_.archive(),
                    {.clock = [] { return History::Clock{.mono = mono_now(), .wall = wall_now()}; },
                     .alive = [] {}}};
    while (history.store()) {
    }
  }
  void expect_each_line_once() {
    auto database = HistoryDb::open(directory_ / "history.db", follower_.header().epoch,
                                    test::kLargeDatabase, [] {})
                        .value();
    EXPECT_THAT(test::stored(database),
                ElementsAre("0 ada a", "1 ada b", "2 ada c", "3 ada d", "4 ada e"));
    EXPECT_THAT(test::stored(database, "lab"), ElementsAre("0 ada f", "1 ada g", "2 ada h"));
  }
  // The texts that a reader of the StoredPlace takes for stored.
  [[nodiscard]] std::vector<std::string> published(std::optional<state::RoomIndex> row) {
    const auto log = row ? state_.room_log(*row) : state_.room_log();
    const state::RoomId room = row ? rooms_.place(*row).id : state::kDefaultRoom;
    std::vector<std::string> texts;
    logs::RecordBuffer buffer;
    logs::LogFollower follower{log, buffer, log.oldest()};
    wire::RecordView record{};
    while (follower.next(record) == logs::LogFollower::Status::record) {
      if (stored(state_.stored_place(row), room, follower.cursor()) != state::Stored::yes) continue;
      texts.emplace_back(record.text);
    }
    return texts;
  }
  void expect_published_lines_are_stored() {
    auto database = HistoryDb::open(directory_ / "history.db", follower_.header().epoch,
                                    test::kLargeDatabase, [] {})
                        .value();
    for (const auto row : {std::optional<state::RoomIndex>{}, std::optional{state::RoomIndex{0}}}) {
      const auto lines = test::stored(database, row ? "lab" : "chat");
      for (const std::string& text : published(row)) {
        EXPECT_THAT(lines, Contains(EndsWith(" ada " + text)));
      }
    }
  }
  void begin() {
    for (const char* name : {"history.db", "history.db-wal"}) {
      std::filesystem::remove(directory_ / name);
    }
    forget_places();
  }
  void forget_places() {
    for (const auto row : {std::optional<state::RoomIndex>{}, std::optional{state::RoomIndex{0}}}) {
      state_.stored_place(row).offset = 0;
      state_.stored_place(row).lost = 0;
    }
  }
  test::TempDir directory_;
};

TEST_F(HistoryCrashTest, EachMessageIsStoredOnceAfterAKillAtAnyStep) {
  make_room(0, 1, "lab");
  for (const char* text : {"a", "b", "c", "d", "e"}) say(text);
  for (const char* text : {"f", "g", "h"}) say_in(0, text);
  const auto check = [this] {
    expect_published_lines_are_stored();
    store_all();
    expect_each_line_once();
    EXPECT_THAT(published(std::nullopt), ElementsAre("a", "b", "c", "d", "e"));
    EXPECT_THAT(published(state::RoomIndex{0}), ElementsAre("f", "g", "h"));
  };
  EXPECT_GT(test::at_each_death(
                {.begin = [this] { begin(); }, .work = [this] { store_all(); }, .check = check}),
            11);
}

TEST_F(HistoryCrashTest, ALostMessageIsNeverTakenForAStoredOne) {
  say("lost");
  const logs::Offset end = state_.room_log().tail();
  for (int i = 0; i < 40; ++i) say(std::string(900, 'x'));
  ASSERT_GT(state_.room_log().oldest(), end);
  const auto is_taken = [&] {
    return stored(state_.stored_place(std::nullopt), state::kDefaultRoom, end) ==
           state::Stored::yes;
  };
  const auto check = [&] {
    EXPECT_FALSE(is_taken());
    store_all();
    EXPECT_FALSE(is_taken());
    EXPECT_NE(state_.archive().lost_tail, 0U);
  };
  (void)test::at_each_death(
      {.begin = [this] { begin(); }, .work = [this] { store_all(); }, .check = check});
}

}  // namespace
}  // namespace chatd::archive
