// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/text_line.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/text/line_packer.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

std::string rendered(Language language, const Line& line, std::size_t room = 1200) {
  std::string out(room, '#');
  out.resize(render_line(language, line, out));
  return out;
}

TEST(TextLine, IsTheKnownLineInChinese) {
  EXPECT_EQ(rendered(Language::zh, {LineKind::joined, "小明", ""}), "小明 进入了聊天室");
  EXPECT_EQ(rendered(Language::zh, {LineKind::left, "小明", ""}), "小明 退出了聊天室");
  EXPECT_EQ(rendered(Language::zh, {LineKind::said, "小明", "你好"}), "小明 ： 你好");
  EXPECT_EQ(rendered(Language::zh, {LineKind::announced, "", "下课"}), "管理员消息： 下课");
  EXPECT_EQ(rendered(Language::zh, {LineKind::kicked, "小明", "刷屏"}),
            "小明 被管理员移出了聊天室： 刷屏");
  EXPECT_EQ(rendered(Language::zh, {LineKind::kicked, "小明", ""}), "小明 被管理员移出了聊天室");
}

TEST(TextLine, IsASentenceInEnglish) {
  EXPECT_EQ(rendered(Language::en, {LineKind::joined, "ada", ""}), "ada joined the chat");
  EXPECT_EQ(rendered(Language::en, {LineKind::left, "ada", ""}), "ada left the chat");
  EXPECT_EQ(rendered(Language::en, {LineKind::said, "ada", "hello"}), "ada : hello");
  EXPECT_EQ(rendered(Language::en, {LineKind::announced, "", "tea at four"}),
            "[admin] tea at four");
  EXPECT_EQ(rendered(Language::en, {LineKind::kicked, "ada", "flooding"}),
            "ada was removed by the administrator: flooding");
  EXPECT_EQ(rendered(Language::en, {LineKind::kicked, "ada", ""}),
            "ada was removed by the administrator");
}

TEST(TextLine, ACrowdIsALineThatBeginsLikeNoName) {
  const Line both{.kind = LineKind::crowd, .name = {}, .text = {}, .joined = 12, .left = 3};
  EXPECT_EQ(rendered(Language::en, both), "[12 joined the chat, 3 left the chat]");
  EXPECT_EQ(rendered(Language::zh, both), "[12 人进入了聊天室，3 人退出了聊天室]");
  EXPECT_EQ(rendered(Language::en, {.kind = LineKind::crowd, .name = {}, .text = {}, .joined = 1}),
            "[1 joined the chat]");
  EXPECT_EQ(
      rendered(Language::en, {.kind = LineKind::crowd, .name = {}, .text = {}, .left = UINT32_MAX}),
      "[4294967295 left the chat]");
  EXPECT_FALSE(check_name("[12"));
}

TEST(TextLine, IsCutBetweenCharactersInAShortBuffer) {
  const Line line{LineKind::said, "小明", "你好吗"};
  const std::string whole = rendered(Language::zh, line);
  EXPECT_EQ(whole.size(), line_size(Language::zh, line));
  for (std::size_t room = 0; room <= whole.size() + 1; ++room) {
    const std::string cut = rendered(Language::zh, line, room);
    EXPECT_TRUE(is_utf8(cut)) << room;
    EXPECT_TRUE(whole.starts_with(cut)) << room;
    EXPECT_GE(cut.size() + 3, std::min(room, whole.size())) << room;
  }
}

TEST(TextLine, TheLongestOfEveryKindFitsADatagramWithItsNewline) {
  const std::string name(kMaxNameBytes, 'n');
  const std::string text(kMaxMessageBytes, 't');
  for (const Language language : {Language::en, Language::zh}) {
    for (const LineKind kind : {LineKind::joined, LineKind::left, LineKind::said,
                                LineKind::announced, LineKind::kicked}) {
      EXPECT_LT(line_size(language, {kind, name, text}), kMaxTextDatagram);
    }
  }
}

}  // namespace
}  // namespace chatd::wire
