// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/line_packer.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

// A line of exactly `size` bytes: "a : xxx".
Line said(const std::string& text) { return {LineKind::said, "a", text}; }
std::string text_for(std::size_t size) { return std::string(size - 4, 'x'); }

char behind(const LinePacker& packer, std::size_t i) {
  return packer.datagram(i).data()[packer.datagram(i).size()];
}

TEST(LinePacker, StartsEmpty) {
  const LinePacker packer{3};
  EXPECT_EQ(packer.size(), 0U);
}

TEST(LinePacker, JoinsLinesByNewlines) {
  LinePacker packer{3};
  ASSERT_TRUE(packer.add(Language::en, {LineKind::joined, "ada", ""}));
  ASSERT_TRUE(packer.add(Language::zh, {LineKind::said, "小明", "你好"}));
  ASSERT_TRUE(packer.add(Language::en, {LineKind::left, "ada", ""}));
  ASSERT_EQ(packer.size(), 1U);
  EXPECT_EQ(packer.datagram(0), "ada joined the chat\n小明 ： 你好\nada left the chat");
  EXPECT_EQ(behind(packer, 0), '\n');
}

TEST(LinePacker, FillsADatagramToTheLastByte) {
  LinePacker packer{3};
  const std::string half = text_for(499);
  ASSERT_TRUE(packer.add(Language::en, said(half)));
  ASSERT_TRUE(packer.add(Language::en, said(half)));
  ASSERT_EQ(packer.size(), 1U);
  EXPECT_EQ(packer.datagram(0).size() + 1, kMaxTextDatagram);
  EXPECT_EQ(behind(packer, 0), '\n');
}

TEST(LinePacker, ALineNeverStraddlesTwoDatagrams) {
  LinePacker packer{3};
  const std::string half = text_for(499);
  const std::string more = text_for(500);
  ASSERT_TRUE(packer.add(Language::en, said(half)));
  ASSERT_TRUE(packer.add(Language::en, said(more)));
  ASSERT_EQ(packer.size(), 2U);
  EXPECT_EQ(packer.datagram(0), "a : " + half);
  EXPECT_EQ(packer.datagram(1), "a : " + more);
  EXPECT_EQ(behind(packer, 0), '\n');
  EXPECT_EQ(behind(packer, 1), '\n');
}

TEST(LinePacker, SaysWhenItIsFullAndKeepsWhatItHas) {
  LinePacker packer{2};
  const std::string big = text_for(999);
  ASSERT_TRUE(packer.add(Language::en, said(big)));
  ASSERT_TRUE(packer.add(Language::en, said(big)));
  EXPECT_FALSE(packer.add(Language::en, {LineKind::joined, "b", ""}));
  ASSERT_EQ(packer.size(), 2U);
  EXPECT_EQ(packer.datagram(1), "a : " + big);
  EXPECT_EQ(behind(packer, 1), '\n');
}

TEST(LinePacker, CutsALineThatNoDatagramHolds) {
  LinePacker packer{1};
  std::string text;
  while (text.size() < 1500) text += "好";
  ASSERT_TRUE(packer.add(Language::en, said(text)));
  EXPECT_LT(packer.datagram(0).size(), kMaxTextDatagram);
  EXPECT_GE(packer.datagram(0).size() + 4, kMaxTextDatagram);
  EXPECT_TRUE(is_utf8(packer.datagram(0)));
  EXPECT_EQ(behind(packer, 0), '\n');
}

TEST(LinePacker, StartsOverWhenCleared) {
  LinePacker packer{1};
  ASSERT_TRUE(packer.add(Language::en, said(text_for(999))));
  packer.clear();
  EXPECT_EQ(packer.size(), 0U);
  ASSERT_TRUE(packer.add(Language::en, {LineKind::left, "ada", ""}));
  EXPECT_EQ(packer.datagram(0), "ada left the chat");
}

TEST(LinePacker, ManyLinesComeBackWholeAndInOrder) {
  LinePacker packer{50};
  std::string expected;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::string text = std::to_string(i) + std::string(i, '.');
    ASSERT_TRUE(packer.add(Language::en, {LineKind::said, "a", text}));
    expected += "a : " + text + "\n";
  }
  std::string got;
  for (std::size_t i = 0; i < packer.size(); ++i) {
    EXPECT_LT(packer.datagram(i).size(), kMaxTextDatagram);
    got += std::string{packer.datagram(i)} + "\n";
  }
  EXPECT_EQ(got, expected);
}

TEST(LinePacker, WithoutCapacityIsAlwaysFull) {
  LinePacker packer{0};
  EXPECT_FALSE(packer.add(Language::en, {LineKind::joined, "ada", ""}));
}

}  // namespace
}  // namespace chatd::wire
