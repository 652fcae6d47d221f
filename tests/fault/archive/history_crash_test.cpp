// SPDX-License-Identifier: GPL-3.0-or-later
// An archive is killed after each step of storing messages. Its successor stores the rest, and each
// message is stored once, in its order.
#include <filesystem>
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

using ::testing::ElementsAre;

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
  test::TempDir directory_;
};

TEST_F(HistoryCrashTest, EachMessageIsStoredOnceAfterAKillAtAnyStep) {
  make_room(0, 1, "lab");
  for (const char* text : {"a", "b", "c", "d", "e"}) say(text);
  for (const char* text : {"f", "g", "h"}) say_in(0, text);
  int step = 1;
  for (bool was_killed = true; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    for (const char* name : {"history.db", "history.db-wal"}) {
      std::filesystem::remove(directory_ / name);
    }
    was_killed = test::is_killed_at(step, [this] { store_all(); });
    store_all();
    expect_each_line_once();
  }
  EXPECT_GT(step, 12);
}

}  // namespace
}  // namespace chatd::archive
