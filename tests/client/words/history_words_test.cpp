// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/history_words.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using wire::HistoryKept;
using wire::Language;

TEST(HistoryWords, SayForHowLongMessagesAreKept) {
  EXPECT_EQ(kept_text(Language::en, {}), "");
  EXPECT_EQ(kept_text(Language::en, {.is = static_cast<HistoryKept>(9)}), "");
  EXPECT_EQ(kept_text(Language::en, {.is = HistoryKept::none}), "messages are not kept");
  EXPECT_EQ(kept_text(Language::en, {.is = HistoryKept::kept, .seconds = 2 * 86400}),
            "messages are kept for at most 2 days");
  EXPECT_EQ(kept_text(Language::zh, {.is = HistoryKept::kept, .seconds = 2 * 86400}),
            "消息最多保存 2 天");
  EXPECT_EQ(with_kept(Language::en, "here", {.is = HistoryKept::kept}),
            "here (messages are kept without a time limit)");
  EXPECT_EQ(with_kept(Language::en, "here", {}), "here");
  EXPECT_EQ(with_kept(Language::zh, "这里", {.is = HistoryKept::none}), "这里（消息不保存）");
}

TEST(HistoryWords, AStoredLineIsALineFromBefore) {
  const auto line = as_line({.kind = 6,
                             .number = 9,
                             .person = 7,
                             .name = "bob",
                             .text = "waves",
                             .time = WallTime{std::chrono::seconds{5}}},
                            "lab");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->record, wire::RecordKind::action);
  EXPECT_EQ(line->sequence, 9U);
  EXPECT_EQ(line->name, "bob");
  EXPECT_EQ(line->text, "waves");
  EXPECT_EQ(line->room.name, "lab");
  EXPECT_TRUE(line->replay);
  EXPECT_FALSE(line->own);
  EXPECT_FALSE(line->text_member);
}

// A hostile server may call anything a stored line.
TEST(HistoryWords, OnlyWhatIsSaidInRoomsIsALine) {
  for (const int kind : {0, 1, 2, 5, 8, 9, 10, 16, 17, 20, 30, 999}) {
    EXPECT_FALSE(as_line({.kind = static_cast<std::uint16_t>(kind)}, "lab")) << kind;
  }
  for (const int kind : {3, 4, 6, 7})
    EXPECT_TRUE(as_line({.kind = static_cast<std::uint16_t>(kind)}, "")) << kind;
}

}  // namespace
}  // namespace chatd::client
