// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/replay_index.hpp"

#include <gtest/gtest.h>

namespace chatd::chat {
namespace {

using state::Offset;

constexpr Offset kOldest{};
constexpr Offset kTail{1000};

void note(ReplayIndex& index, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t line = first; line <= last; ++line) index.note(Offset{line * 10});
}

// An index for `lines` that was shrunk after it had noted the lines 1 to `noted`.
ReplayIndex shrunk_index(std::size_t lines, std::uint64_t noted) {
  ReplayIndex index{lines};
  note(index, 1, noted);
  index.shrink();
  return index;
}

TEST(ReplayIndexTest, StartIsTheFirstOfTheLastLines) {
  ReplayIndex index{3};
  EXPECT_EQ(index.start(kOldest, kTail), kTail);
  note(index, 1, 2);
  EXPECT_EQ(index.start(kOldest, kTail), 10U);
  note(index, 3, 5);
  EXPECT_EQ(index.start(kOldest, kTail), 30U);
  EXPECT_EQ(index.start(Offset{45}, kTail), 45U);
  EXPECT_TRUE(index.is_whole());
}

TEST(ReplayIndexTest, AnIndexOfNoLinesRemembersNothing) {
  const ReplayIndex index = shrunk_index(0, 3);
  EXPECT_TRUE(index.is_whole());
  EXPECT_EQ(index.start(kOldest, kTail), kTail);
}

TEST(ReplayIndexTest, AnUnreadLogHasNoWholeIndex) {
  ReplayIndex index = ReplayIndex::unread();
  note(index, 1, 3);
  EXPECT_FALSE(index.is_whole());
}

TEST(ReplayIndexTest, AShrunkIndexIsWholeForAsManyLinesAgain) {
  ReplayIndex index = shrunk_index(10, 3);
  EXPECT_EQ(index.start(kOldest, kTail), 10U);
  note(index, 4, 6);
  EXPECT_TRUE(index.is_whole());
  EXPECT_EQ(index.start(kOldest, kTail), 10U);
  note(index, 7, 7);
  EXPECT_FALSE(index.is_whole());
}

TEST(ReplayIndexTest, AnIndexThatIsHalfFullDoesNotShrink) {
  ReplayIndex index = shrunk_index(4, 2);
  note(index, 3, 9);
  EXPECT_TRUE(index.is_whole());
  EXPECT_EQ(index.start(kOldest, kTail), 60U);
}

}  // namespace
}  // namespace chatd::chat
