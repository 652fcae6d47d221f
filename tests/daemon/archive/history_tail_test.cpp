// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using state::RoomId;
using test::batch;
using test::line;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistoryTailTest : public test::HistoryDbFixture {
 protected:
  HistoryTailTest() {
    save(database_, batch({line(0, "a"), line(1, "b", "bob"), line(4, "c", "ada", 90)}));
    save(database_, batch({line(2, "d")}, RoomId{1}, "lab"));
  }
  RoomTail tail(TailRequest request) {
    auto tail = database_.tail(request);
    EXPECT_TRUE(tail) << tail.error().message();
    texts_.clear();
    for (const Line& one : tail->lines) texts_.push_back(one.text);
    return std::move(*tail);
  }
  static constexpr std::size_t kMany = 10'000;
  HistoryDb database_{open()};
  std::vector<std::string> texts_;
};

TEST_F(HistoryTailTest, HasTheLastLinesOfOneRoomAndTheNextNumber) {
  EXPECT_EQ(tail({.room = {}, .lines = 9, .bytes = kMany, .since = {}}).next, 5U);
  EXPECT_THAT(texts_, ElementsAre("a", "b", "c"));
  EXPECT_EQ(tail({.room = {}, .lines = 2, .bytes = kMany, .since = {}}).lines[0].author.name,
            "bob");
  EXPECT_THAT(texts_, ElementsAre("b", "c"));
  EXPECT_EQ(tail({.room = RoomId{1}, .lines = 9, .bytes = kMany, .since = {}}).next, 3U);
  EXPECT_THAT(texts_, ElementsAre("d"));
}

TEST_F(HistoryTailTest, HasNoLineThatIsTooOldAndNoMoreBytesThanItMay) {
  (void)tail({.room = {}, .lines = 9, .bytes = kMany, .since = WallTime{Micros{91}}});
  EXPECT_THAT(texts_, ElementsAre("a", "b")) << "the time of a line can be before that of others";
  (void)tail({.room = {}, .lines = 9, .bytes = 56, .since = {}});
  EXPECT_THAT(texts_, ElementsAre("c")) << "a record has 48 bytes, and its texts";
}

TEST_F(HistoryTailTest, TheNextNumberIsKnownWithoutLines) {
  EXPECT_EQ(tail({.room = {}, .lines = 0, .bytes = 0, .since = {}}).next, 5U);
  EXPECT_THAT(texts_, IsEmpty());
  EXPECT_EQ(tail({.room = RoomId{9}, .lines = 9, .bytes = kMany, .since = {}}).next, 0U);
  EXPECT_EQ(tail({.room = RoomId{1}, .born = 77, .lines = 9, .bytes = kMany, .since = {}}).next, 0U)
      << "another room, which was made in another history";
}

TEST_F(HistoryTailTest, AGapIsNoLineAndItsNumbersAreUsed) {
  Batch gap = batch({test::gap(5, 19)});
  gap.rooms[0].place.sequence = 20;
  save(database_, gap);
  EXPECT_EQ(tail({.room = {}, .lines = 2, .bytes = kMany, .since = {}}).next, 20U);
  EXPECT_THAT(texts_, ElementsAre("c"));
}

}  // namespace
}  // namespace chatd::archive
