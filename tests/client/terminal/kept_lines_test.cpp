// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/kept_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> texts(const std::vector<KeptLines::Kept>& lines) {
  std::vector<std::string> texts;
  for (const KeptLines::Kept& line : lines) texts.push_back(line.text);
  return texts;
}

KeptLines with_numbers(std::size_t count) {
  KeptLines lines;
  for (std::size_t i = 0; i < count; ++i) lines.add({.text = "line " + std::to_string(i)});
  return lines;
}

TEST(KeptLines, HasTheLastOnesInTheirOrder) {
  EXPECT_THAT(KeptLines{}.last(), IsEmpty());
  EXPECT_THAT(texts(with_numbers(2).last()), ElementsAre("line 0", "line 1"));
  const auto last = texts(with_numbers(100).last());
  ASSERT_THAT(last, SizeIs(KeptLines::kLast));
  EXPECT_EQ(last.front(), "line 80");
  EXPECT_EQ(last.back(), "line 99");
  EXPECT_THAT(texts(with_numbers(100).last(2)), ElementsAre("line 98", "line 99"));
  EXPECT_THAT(with_numbers(3).last(7), SizeIs(3));
}

TEST(KeptLines, FindsATextInAnotherCaseOrForm) {
  KeptLines lines;
  lines.add({.text = "bob: Straße"});
  lines.add({.text = "bob: STRASSE"});
  lines.add({.text = "bob: ｓｔｒａｓｓｅ"});
  lines.add({.text = "小明: 你好"});
  EXPECT_THAT(texts(lines.with("strasse")),
              ElementsAre("bob: Straße", "bob: STRASSE", "bob: ｓｔｒａｓｓｅ"));
  EXPECT_THAT(texts(lines.with("你好")), ElementsAre("小明: 你好"));
  EXPECT_THAT(lines.with("tea"), IsEmpty());
}

TEST(KeptLines, FindsATextInALongLine) {
  KeptLines lines;
  lines.add({.text = std::string(5'000, 'X') + "tea"});
  lines.add({.text = "\xff tea"});
  EXPECT_THAT(lines.with("xTEA"), SizeIs(1));
  EXPECT_THAT(lines.with("tea"), SizeIs(2));
}

TEST(KeptLines, ReturnsALimitedNumberOfLines) {
  const auto found = texts(with_numbers(100).with("LINE"));
  ASSERT_THAT(found, SizeIs(KeptLines::kFound));
  EXPECT_EQ(found.front(), "line 50");
  EXPECT_EQ(found.back(), "line 99");
}

TEST(KeptLines, TheOldestOnesAreRemoved) {
  const KeptLines many = with_numbers(KeptLines::kMaxLines + 1);
  EXPECT_THAT(texts(many.with("line 1000")), ElementsAre("line 1000"));
  EXPECT_THAT(texts(many.with("line 0")), IsEmpty());
  KeptLines long_ones;
  const std::string half(KeptLines::kMaxBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) long_ones.add({.text = half});
  EXPECT_THAT(long_ones.last(), SizeIs(2));
  long_ones.add({.text = half + half + half});
  EXPECT_THAT(long_ones.last(), IsEmpty());
}

}  // namespace
}  // namespace chatd::client
