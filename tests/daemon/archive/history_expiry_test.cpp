// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are too old are deleted, with their text in the files.
#include <chrono>
#include <string>

#include <gmock/gmock.h>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/history_fixture.hpp"

namespace chatd::archive {
namespace {

using std::chrono::seconds;
using test::stored;
using ::testing::ElementsAre;

using HistoryExpiry = test::HistoryFixture;

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

TEST_F(HistoryExpiry, ARoomWithoutHistoryLosesWhatWasStoredWithinAMinute) {
  make_room(0, 1, "lab");
  History history = make();
  say_in(0, "hello");
  (void)history.store();
  set_history(state_.registry_head(), state_.properties(state::RoomIndex{0}), wire::kHistoryOff, 1);
  say_in(0, "not stored");
  (void)history.store();
  pass(seconds{60});
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

}  // namespace
}  // namespace chatd::archive
