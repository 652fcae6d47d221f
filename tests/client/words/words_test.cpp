// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/words.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(Words, ExistInBothLanguagesWithTheSamePlaceholders) {
  for (int i = 0; i <= static_cast<int>(Words::known_by_others); ++i) {
    const auto which = static_cast<Words>(i);
    const auto english = words(wire::Language::en, which);
    const auto chinese = words(wire::Language::zh, which);
    EXPECT_FALSE(english.empty()) << i;
    EXPECT_NE(english, chinese) << i;
    EXPECT_EQ(std::ranges::count(english, '{'), std::ranges::count(chinese, '{')) << english;
  }
}

TEST(Words, InsertTheirValues) {
  EXPECT_EQ(words(wire::Language::en, Words::joined, "ada"), "ada joined");
  EXPECT_EQ(words(wire::Language::zh, Words::joined, "小明"), "小明 进入了聊天室");
  EXPECT_EQ(words(wire::Language::zh, Words::key_changed, 3, "F", "h:1", "SHA256:x"),
            "F 第 3 行记录的是另一个；请先询问管理员；如果 h:1 已重新安装，请输入 uchat servers "
            "forget 'h:1'（现在的密钥是 SHA256:x）");
  EXPECT_EQ(words(wire::Language::en, Words::key_changed, 3, "F", "[::1]:8888", "SHA256:x"),
            "line 3 of F has another; ask the administrator first; if [::1]:8888 was set up anew, "
            "type uchat servers forget '[::1]:8888' (the key is now SHA256:x)");
}

}  // namespace
}  // namespace chatd::client
