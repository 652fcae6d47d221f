// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/shown_history.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

Line line(std::uint64_t sequence, std::string room = {}) {
  return {.record = wire::RecordKind::say, .room = {.name = std::move(room)}, .sequence = sequence};
}

TEST(ShownHistory, KnowsTheOldestLineOfEachRoom) {
  ShownHistory shown;
  EXPECT_EQ(shown.oldest(""), ShownHistory::kNone);
  for (const std::uint64_t number : {9U, 7U, 8U}) shown.note(line(number));
  shown.note(line(5, "Lab"));
  EXPECT_EQ(shown.oldest(""), 7U);
  EXPECT_EQ(shown.oldest("lab"), 5U);
  shown.set("LAB", 2);
  EXPECT_EQ(shown.oldest("lab"), 2U);
}

TEST(ShownHistory, ADirectMessageIsInNoRoom) {
  ShownHistory shown;
  shown.note({.record = wire::RecordKind::direct, .sequence = 3});
  shown.note(line(0));
  EXPECT_EQ(shown.oldest(""), ShownHistory::kNone);
}

TEST(ShownHistory, FollowsTheNameOfARoomAndForgetsOneThatIsLeft) {
  ShownHistory shown;
  shown.note(line(5, "lab"));
  shown.note(line(6, "tea"));
  shown.rename_room("lab", "tea");
  EXPECT_EQ(shown.oldest("tea"), 5U);
  EXPECT_EQ(shown.oldest("lab"), ShownHistory::kNone);
  shown.rename_room("none", "tea");
  EXPECT_EQ(shown.oldest("tea"), 5U);
  shown.forget("tea");
  EXPECT_EQ(shown.oldest("tea"), ShownHistory::kNone);
}

TEST(ShownHistory, PiecesOfAnAnswerAreJoined) {
  ShownHistory shown;
  HistoryPage page{.lines = {{.number = 1}}, .more = true};
  EXPECT_FALSE(shown.take(page));
  page = {.lines = {{.number = 2}}};
  ASSERT_TRUE(shown.take(page));
  ASSERT_EQ(page.lines.size(), 2U);
  EXPECT_EQ(page.lines[0].number, 1U);
  page = {.lines = {{.number = 3}}};
  ASSERT_TRUE(shown.take(page));
  EXPECT_EQ(page.lines.size(), 1U);
}

}  // namespace
}  // namespace chatd::client
