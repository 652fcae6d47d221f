// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are too old are deleted, with their text in the files.
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/history_fixture.hpp"

namespace chatd::archive {
namespace {

using state::RoomId;
using std::chrono::days;
using std::chrono::seconds;
using test::batch;
using test::line;
using test::stored;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class HistoryExpiry : public test::HistoryFixture {
 protected:
  [[nodiscard]] std::int64_t micros_from_now(Micros time) const {
    return (clock_.wall + time).time_since_epoch().count();
  }
  // The steps of deleting that the next minute takes.
  int steps_of_next_minute(History& history) {
    pass(seconds{60});
    int steps = 1;
    while (history.maintain()) ++steps;
    return steps;
  }
};

TEST_F(HistoryExpiry, OldMessagesAreDeletedAndTheirSpaceIsGivenBack) {
  History history = make(test::kLargeDatabase, std::chrono::days{30});
  const std::string text(900, 'x');
  for (int i = 0; i < 1000; ++i) {
    say(text);
    if (i % 10 == 9) (void)history.store();
  }
  maintain_all(history);
  EXPECT_EQ(state_.archive().stored, 1000U);
  const std::uint64_t before = state_.archive().bytes;
  pass(std::chrono::days{31});
  maintain_all(history);
  EXPECT_EQ(state_.archive().stored, 0U);
  EXPECT_LT(state_.archive().bytes, before / 2);
}

TEST_F(HistoryExpiry, AClockThatIsSetForwardDeletesNothingForADay) {
  History history = make(test::kLargeDatabase, std::chrono::days{30});
  say("hello");
  (void)history.store();
  clock_ = {.mono = clock_.mono + seconds{61}, .wall = clock_.wall + std::chrono::days{365}};
  maintain_all(history);
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada hello"));
  pass(std::chrono::hours{24});
  maintain_all(history);
  EXPECT_THAT(stored(*history.database()), ElementsAre());
}

TEST_F(HistoryExpiry, AnErasureIsListedAsLongAsItsLinesWouldBeStored) {
  History history = make(test::kLargeDatabase, days{30});
  say("hello");
  (void)history.store();
  const auto lines = history.database()->erasing().scan(0, 9);
  ASSERT_TRUE(lines && lines->size() == 1);
  ASSERT_TRUE(history.erase(*lines, "uid 0"));
  const auto list = [&] { return test::file_text(directory_ / "history.db.erased"); };
  pass(days{29});
  maintain_all(history);
  EXPECT_THAT(list(), HasSubstr("uid 0"));
  pass(days{2});
  maintain_all(history);
  EXPECT_THAT(list(), Not(HasSubstr("uid 0")));
}

TEST_F(HistoryExpiry, ARoomWithoutHistoryLosesWhatWasStoredWithinAMinute) {
  make_room(0, 1, "lab");
  History history = make();
  say_in(0, "hello");
  (void)history.store();
  maintain_all(history);
  EXPECT_THAT(stored(*history.database(), "lab"), ElementsAre("0 ada hello"));
  set_history(state_.registry_head(), state_.properties(state::RoomIndex{0}), wire::kHistoryOff, 1);
  say_in(0, "not stored");
  (void)history.store();
  pass(seconds{59});
  maintain_all(history);
  EXPECT_THAT(stored(*history.database(), "lab"), ElementsAre("0 ada hello"));
  pass(seconds{1});
  maintain_all(history);
  EXPECT_THAT(stored(*history.database(), "lab"), ElementsAre());
}

TEST_F(HistoryExpiry, TheAgesOfLinesAreLookedAtOnceAMinute) {
  History history = make(test::kLargeDatabase, std::chrono::hours{1});
  say("hello");
  clock_.wall = test::wall_at(std::chrono::hours{1} - seconds{30});
  (void)history.store();
  maintain_all(history);
  pass(seconds{59});
  maintain_all(history);
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada hello"));
  pass(seconds{1});
  maintain_all(history);
  EXPECT_TRUE(stored(*history.database()).empty());
}

TEST_F(HistoryExpiry, TheTokensOfOldLinesLeaveTheFile) {
  History history = make(test::kLargeDatabase, std::chrono::days{30});
  for (int i = 0; i < 100; ++i) say("SECRETWORD" + std::to_string(i));
  (void)history.store();
  ASSERT_FALSE(history.database()->index(1000).value());
  ASSERT_TRUE(history.database()->checkpoint());
  ASSERT_NE(test::file_text(path()).find("ecretword"), std::string::npos);
  pass(std::chrono::days{31});
  maintain_all(history);
  for (const std::string& file : {path(), path() + "-wal"}) {
    EXPECT_EQ(test::file_text(file).find("ecretword"), std::string::npos) << file;
  }
}

TEST_F(HistoryExpiry, LinesWithATimeInTheFutureDoNotHideOldOnesOfARoomWithALimit) {
  History history = make();
  (void)history.store();
  std::vector<Line> lines;
  for (std::uint64_t i = 0; i < 450; ++i) {
    lines.push_back(line(i, "future", "ada", micros_from_now(days{300})));
  }
  lines.push_back(line(450, "old", "ada", micros_from_now(-days{3})));
  lines.push_back(line(451, "new", "ada", micros_from_now({})));
  Batch all = batch(std::move(lines), RoomId{1}, "lab");
  all.rooms[0].history = 1;
  ASSERT_TRUE(history.database()->save(all));
  maintain_all(history);
  const auto left = stored(*history.database(), "lab");
  ASSERT_EQ(left.size(), 451U);
  EXPECT_EQ(left.back(), "451 ada new");
}

// 900 lines of all rooms and 700 rooms with a limit, of which a step looks at 200.
TEST_F(HistoryExpiry, TheLinesOfAllRoomsAndTheRoomsWithALimitAreEachLookedAtOnceAMinute) {
  History history = make(test::kLargeDatabase, days{30});
  (void)history.store();
  std::vector<Line> lines;
  for (std::uint64_t i = 0; i < 900; ++i) {
    lines.push_back(line(i, "future", "ada", micros_from_now(days{300})));
  }
  Batch all = batch(std::move(lines), RoomId{1}, "lab");
  for (std::uint32_t i = 0; i < 700; ++i) {
    all.rooms.push_back(batch({line(0, "x", "ada", micros_from_now({}))}, RoomId{10 + i},
                              "room" + std::to_string(i))
                            .rooms[0]);
    all.rooms.back().history = 2;
  }
  ASSERT_TRUE(history.database()->save(all));
  maintain_all(history);
  EXPECT_LE(steps_of_next_minute(history), 6);
}

TEST_F(HistoryExpiry, TheGapOfDeletedLinesThatIsTooOldIsNoMessage) {
  {
    History history = make();
    (void)history.store();
    const std::vector<Line> lines{line(0, "a", "ada", micros_from_now(-days{40})),
                                  line(1, "b", "ada", micros_from_now({})),
                                  line(2, "c", "ada", micros_from_now({}))};
    ASSERT_TRUE(history.database()->save(batch(lines, RoomId{1}, "lab")));
    ASSERT_TRUE(history.database()->delete_oldest(1));
    ASSERT_THAT(stored(*history.database(), "lab"), ElementsAre("0 gap 0", "1 ada b", "2 ada c"));
  }
  History history = make(test::kLargeDatabase, days{30});
  (void)history.store();
  ASSERT_EQ(state_.archive().stored, 2U);
  maintain_all(history);
  EXPECT_THAT(stored(*history.database(), "lab"), ElementsAre("1 ada b", "2 ada c"));
  EXPECT_EQ(state_.archive().stored, 2U);
}

}  // namespace
}  // namespace chatd::archive
