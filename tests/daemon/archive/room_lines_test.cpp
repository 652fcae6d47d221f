// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/room_lines.hpp"

#include <optional>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using test::batch;
using test::line;

constexpr const char* kAt =
    "SELECT sequence, at FROM message WHERE room = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1";

class RoomLinesTest : public test::HistoryDbFixture {
 protected:
  std::optional<HistoryDb> database_{open()};
};

TEST_F(RoomLinesTest, ARoomIsFoundByItsNumberAndTheFirstNumberIsThatOfTheDatabase) {
  save(*database_, batch({line(3, "a")}, state::RoomId{7}, "lab"));
  const auto room = stored_room(*database_, {.id = 7, .from = 2});
  ASSERT_TRUE(room);
  ASSERT_TRUE(*room);
  EXPECT_EQ((*room)->base, 0U);
  EXPECT_EQ((*room)->lines.from, 2U);
  EXPECT_EQ((*room)->lines.room, database_->room_of("lab").value().value());
  EXPECT_FALSE(stored_room(*database_, {.id = 8}).value());
}

TEST_F(RoomLinesTest, AfterAColdStartTheBaseIsAdded) {
  save(*database_, batch({line(3, "a")}));
  database_.reset();
  database_ = open(2);
  const auto room = stored_room(*database_, {.id = 0, .begin = 0, .from = 5});
  ASSERT_TRUE(room && *room);
  EXPECT_EQ((*room)->lines.from, 5 + (*room)->base);
}

TEST_F(RoomLinesTest, ANumberIsFoundByItsValue) {
  std::vector<Line> lines;
  for (std::uint64_t number = 0; number < 100; number += 3) {
    lines.push_back(line(number, "x", "ada", static_cast<std::int64_t>(number) * 10));
  }
  save(*database_, batch(std::move(lines)));
  auto finder = NumberFinder::prepare(database_->file(), kAt);
  ASSERT_TRUE(finder);
  const SearchRoom room{.room = database_->room_of("chat").value().value()};
  EXPECT_EQ(finder->find(room, 0).value(), 0U);
  EXPECT_EQ(finder->find(room, 1).value(), 1U) << "or the line of it, 3";
  for (const std::int64_t value : {29, 30, 31, 300, 980, 990}) {
    const auto number = finder->find(room, value);
    ASSERT_TRUE(number);
    ASSERT_TRUE(finder->look(room, *number).value());
    EXPECT_GE(finder->row().number(1), value);
    EXPECT_LT(finder->row().number(1), value + 30);
  }
  EXPECT_GT(finder->find(room, 991).value(), 99U);
  EXPECT_FALSE(finder->look(room, 100).value());
  EXPECT_GE(finder->find({.room = room.room, .from = 50}, 0).value(), 50U);
}

}  // namespace
}  // namespace chatd::archive
