// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/room_followers.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "daemon/state/room_table.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::worker {
namespace {

using state::kNewsEntries;
using state::RoomId;
using state::RoomIndex;
using state::Slot;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RoomFollowersTest : public test::StateFixture {
 protected:
  static constexpr std::uint32_t kSessions = 5000;  // 79 words of bits, 2 words of the summary
  static constexpr std::uint32_t kRooms = 5;
  static constexpr MonoTime kEnd{std::chrono::seconds{100}};  // of a timer

  explicit RoomFollowersTest(std::uint32_t rooms = kRooms)
      : StateFixture{{.sessions = kSessions, .ring_bytes = 16384, .rooms = rooms}} {
    for (std::uint32_t row = 0; row < rooms; ++row) {
      rooms_.make(RoomIndex{row},
                  {.id = RoomId{row + 1}, .name = "lab", .is_kept = true, .now = {}, .maker = {}});
      rooms_.settle(RoomIndex{row});
    }
  }

  // `session` is active, and a member of the room in `row`.
  void enter(std::uint32_t session, std::uint32_t row) {
    const auto at = rooms_.find_free(Slot{session}).value();
    rooms_.enter(Slot{session}, at,
                 {.room = rooms_.place(RoomIndex{row}), .start = 0, .change = 0, .window = 0});
    rooms_.settle(Slot{session}, at);
    sessions_.activate(Slot{session});
  }
  void add_news(std::uint32_t row, std::size_t times = 1) {
    for (std::size_t i = 0; i < times; ++i) rooms_.end_append(RoomIndex{row});
  }
  // News as another process could have written them.
  void add_false_news(std::uint32_t row) {
    state::RoomNews& news = state_.room_news();
    news.room.at(news.count.load() % kNewsEntries).store(row);
    news.count.fetch_add(1);
  }
  [[nodiscard]] RoomFollowers followers() const { return {follower_, mine_}; }
  // The sessions that are served.
  std::vector<std::uint32_t> served(RoomFollowers& followers) {
    std::vector<std::uint32_t> all;
    followers.serve(follower_.active(), [&](Slot session) {
      all.push_back(session);
      return false;
    });
    EXPECT_FALSE(followers.has_members());
    return all;
  }
  std::vector<std::uint32_t> look_and_serve(RoomFollowers& followers) {
    EXPECT_FALSE(followers.look()) << "news are lost";
    return served(followers);
  }

  state::StateView follower_{follower()};
  state::RoomTable rooms_{state_};
  state::SessionTable sessions_{state_};
  // The sessions of the worker: all, unless a test changes it.
  std::vector<std::uint64_t> mine_ =
      std::vector<std::uint64_t>(state_.geometry().active_words(), ~0ULL);
};

TEST_F(RoomFollowersTest, ServesOnlyMembersOfRoomsWithNews) {
  enter(1, 0);
  enter(2, 1);
  enter(3, 2);
  enter(4, 0);
  enter(4, 2);  // in two rooms: served once
  sessions_.activate(Slot{5});
  auto all = followers();
  add_news(0);
  add_news(2);
  EXPECT_TRUE(all.has_news());
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_news());
  EXPECT_TRUE(all.has_members());
  EXPECT_THAT(served(all), ElementsAre(1, 3, 4));
}

TEST_F(RoomFollowersTest, ServesOnlySessionsOfItsWorker) {
  for (std::uint32_t session = 60; session < 70; ++session) enter(session, 0);
  for (auto& word : mine_) word = 0x5555'5555'5555'5555;  // the even ones
  auto all = followers();
  add_news(0);
  EXPECT_THAT(look_and_serve(all), ElementsAre(60, 62, 64, 66, 68));
}

TEST_F(RoomFollowersTest, NewsForMembersOfOtherWorkersAreIgnored) {
  enter(61, 0);
  for (auto& word : mine_) word = 0x5555'5555'5555'5555;
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_members());
}

TEST_F(RoomFollowersTest, EntriesBeforeConstructionAreNotNews) {
  enter(1, 0);
  enter(2, 1);
  add_news(0);
  auto all = followers();
  EXPECT_FALSE(all.has_news());
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_members());
  add_news(1);
  EXPECT_THAT(look_and_serve(all), ElementsAre(2));
}

TEST_F(RoomFollowersTest, NewsAreReadOnce) {
  enter(1, 0);
  auto all = followers();
  add_news(0, 3);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1));
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_members());
  EXPECT_THAT(served(all), IsEmpty());
}

TEST_F(RoomFollowersTest, LookKeepsTheMembersOfTheLookBefore) {
  enter(1, 0);
  enter(2, 1);
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  add_news(1);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1, 2));
}

TEST_F(RoomFollowersTest, ASessionThatIsNotDoneIsServedAgain) {
  enter(1, 0);
  enter(70, 0);
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  std::vector<std::uint32_t> first;
  all.serve(follower_.active(), [&](Slot session) {
    first.push_back(session);
    return session == 70;
  });
  EXPECT_THAT(first, ElementsAre(1, 70));
  EXPECT_TRUE(all.has_members());
  EXPECT_THAT(served(all), ElementsAre(70));
  EXPECT_THAT(served(all), IsEmpty());
}

TEST_F(RoomFollowersTest, AnInactiveSessionIsNotServed) {
  enter(1, 0);
  enter(2, 0);
  enter(130, 0);
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  for (const std::uint32_t session : {1U, 130U}) {
    sessions_.begin_leave(Slot{session}, state::LeaveKind::quit, 0);
  }
  EXPECT_THAT(served(all), ElementsAre(2));
  // The next session in the slot is not served because of these news.
  sessions_.activate(Slot{1});
  EXPECT_THAT(served(all), IsEmpty());
}

TEST_F(RoomFollowersTest, AMemberThatLeftBeforeLookIsNotServed) {
  enter(1, 0);
  enter(2, 0);
  auto all = followers();
  add_news(0);
  rooms_.begin_leave(Slot{1}, 0, 0);
  EXPECT_THAT(look_and_serve(all), ElementsAre(2));
}

TEST_F(RoomFollowersTest, ClearRemovesTheMembers) {
  enter(1, 0);
  enter(2, 1);
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  all.clear();
  EXPECT_FALSE(all.has_members());
  EXPECT_THAT(served(all), IsEmpty());
  add_news(1);
  EXPECT_THAT(look_and_serve(all), ElementsAre(2));
}

TEST_F(RoomFollowersTest, SessionsThatWaitAreServedAfterResume) {
  enter(1, 0);
  enter(70, 0);
  auto all = followers();
  all.wait(Slot{1}, kEnd);
  all.wait(Slot{70}, kEnd);
  EXPECT_FALSE(all.has_members());
  EXPECT_THAT(served(all), IsEmpty());
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_TRUE(all.has_members());
  EXPECT_THAT(served(all), ElementsAre(1, 70));
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_FALSE(all.has_members()) << "once";
}

TEST_F(RoomFollowersTest, ASessionWaitsUntilItsOwnTimerEnds) {
  const MonoTime later = kEnd + RoomFollowers::kTogether + Micros{1};
  for (const std::uint32_t session : {1U, 2U, 70U}) enter(session, 0);
  auto all = followers();
  all.wait(Slot{1}, later);
  all.wait(Slot{2}, kEnd);
  all.wait(Slot{70}, later + Micros{5});
  EXPECT_EQ(all.resume(kEnd - Micros{1}), kEnd);
  EXPECT_FALSE(all.has_members());
  EXPECT_EQ(all.resume(kEnd), later);
  EXPECT_THAT(served(all), ElementsAre(2));
  all.resume_all();
  EXPECT_THAT(served(all), ElementsAre(1, 70));
  EXPECT_EQ(all.resume(later), MonoTime::max());
}

TEST_F(RoomFollowersTest, TimersThatEndSoonAreServedWithTheFirst) {
  for (const std::uint32_t session : {1U, 70U}) enter(session, 0);
  auto all = followers();
  all.wait(Slot{1}, kEnd);
  all.wait(Slot{70}, kEnd + RoomFollowers::kTogether);
  EXPECT_EQ(all.resume(kEnd - Micros{1}), kEnd) << "no timer has ended";
  EXPECT_FALSE(all.has_members());
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_THAT(served(all), ElementsAre(1, 70));
}

TEST_F(RoomFollowersTest, ATimerThatBeganAgainEndsAtItsNewTime) {
  const MonoTime later = kEnd + std::chrono::seconds{1};
  enter(1, 0);
  enter(2, 0);
  auto all = followers();
  all.wait(Slot{1}, kEnd);
  all.wait(Slot{1}, later);
  all.wait(Slot{2}, kEnd);
  all.end_wait(Slot{2});
  EXPECT_EQ(all.resume(kEnd), later);
  EXPECT_FALSE(all.has_members());
  EXPECT_EQ(all.resume(later), MonoTime::max());
  EXPECT_THAT(served(all), ElementsAre(1));
}

TEST_F(RoomFollowersTest, ASessionThatWaitsAndHasNewsIsServedOnce) {
  enter(1, 0);
  enter(2, 1);
  auto all = followers();
  all.wait(Slot{1}, kEnd);
  add_news(0);
  add_news(1);
  EXPECT_FALSE(all.look());
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_THAT(served(all), ElementsAre(1, 2));
}

TEST_F(RoomFollowersTest, ServeMayMakeASessionWait) {
  enter(1, 0);
  auto all = followers();
  add_news(0);
  EXPECT_FALSE(all.look());
  all.serve(follower_.active(), [&](Slot session) {
    all.wait(session, kEnd);
    return false;
  });
  EXPECT_FALSE(all.has_members());
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_THAT(served(all), ElementsAre(1));
}

TEST_F(RoomFollowersTest, ClearRemovesSessionsThatWait) {
  enter(1, 0);
  auto all = followers();
  all.wait(Slot{1}, kEnd);
  all.clear();
  EXPECT_EQ(all.resume(kEnd), MonoTime::max());
  EXPECT_FALSE(all.has_members());
  EXPECT_THAT(served(all), IsEmpty());
}

TEST_F(RoomFollowersTest, NewsAreReadAcrossTheEndOfTheRing) {
  enter(1, 0);
  enter(2, 1);
  add_news(0, 3);
  auto all = followers();
  add_news(1);
  add_news(0, kNewsEntries - 2);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1, 2));
}

TEST_F(RoomFollowersTest, NewsThatWereOverwrittenAreReported) {
  enter(1, 0);
  enter(2, 1);
  auto all = followers();
  add_news(1);
  add_news(0, kNewsEntries);
  EXPECT_TRUE(all.look());
  EXPECT_FALSE(all.has_news());
  EXPECT_FALSE(all.look()) << "reported once";
  all.clear();
  add_news(0);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1));
}

TEST_F(RoomFollowersTest, ARoomNumberThatDoesNotExistIsIgnored) {
  enter(1, 0);
  auto all = followers();
  add_false_news(kRooms);
  add_false_news(~0U);
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_members());
  add_false_news(kRooms);
  add_news(0);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1));
}

TEST_F(RoomFollowersTest, SessionsOfSeveralSummaryWordsAreServed) {
  const std::vector<std::uint32_t> members{0, 63, 64, 4031, 4095, 4096, 4159, kSessions - 1};
  for (const std::uint32_t session : members) enter(session, kRooms - 1);
  enter(200, 0);
  auto all = followers();
  add_news(kRooms - 1);
  EXPECT_THAT(look_and_serve(all), ::testing::ElementsAreArray(members));
}

TEST_F(RoomFollowersTest, ASummaryBitWithoutSessionsIsIgnored) {
  enter(1, 0);
  const auto bitmap = state_.room_members(RoomIndex{0});
  bitmap.summary[0].fetch_or(1ULL << 9U);   // a word that is 0
  bitmap.summary[1].fetch_or(1ULL << 63U);  // a word that does not exist
  auto all = followers();
  add_news(0);
  EXPECT_THAT(look_and_serve(all), ElementsAre(1));
}

class NoRoomFollowersTest : public RoomFollowersTest {
 protected:
  NoRoomFollowersTest() : RoomFollowersTest{0} {}
};

TEST_F(NoRoomFollowersTest, WithoutRoomsThereIsNoNews) {
  sessions_.activate(Slot{1});
  auto all = followers();
  EXPECT_FALSE(all.has_news());
  EXPECT_FALSE(all.look());
  EXPECT_FALSE(all.has_members());
  EXPECT_THAT(served(all), IsEmpty());
  all.clear();
}

}  // namespace
}  // namespace chatd::worker
