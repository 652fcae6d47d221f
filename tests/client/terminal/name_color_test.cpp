// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/name_color.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

// The relative luminance of a colour of the cube of 6 * 6 * 6 colours, WCAG 2.
double luminance(int number) {
  constexpr std::array kLevels{0, 95, 135, 175, 215, 255};
  const auto linear = [&](int level) {
    const double value = kLevels.at(static_cast<std::size_t>(level)) / 255.0;
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  const int cell = number - 16;
  return 0.2126 * linear(cell / 36) + 0.7152 * linear(cell / 6 % 6) + 0.0722 * linear(cell % 6);
}

TEST(NameColorTest, ColoursAreReadableOnBlackAndOnWhite) {
  for (const NameColor& color : kNameColors) {
    const double light = luminance(color.number) + 0.05;
    EXPECT_GE(light / 0.05, 3.6) << int{color.number};
    EXPECT_GE(1.05 / light, 3.6) << int{color.number};
    EXPECT_EQ(color.many, "\x1b[38;5;" + std::to_string(color.number) + "m");
    for (const std::string_view unreadable : {"33m", "[34m"}) {
      EXPECT_FALSE(color.few.contains(unreadable)) << color.few;
    }
  }
}

TEST(NameColorTest, ColoursDiffer) {
  std::set<int> numbers;
  std::set<std::string_view> few;
  for (const NameColor& color : kNameColors) {
    numbers.insert(color.number);
    few.insert(color.few);
  }
  EXPECT_EQ(numbers.size(), kNameColors.size());
  EXPECT_GE(few.size(), 8U);
}

// Users remember a colour: it does not change from one version to the next.
TEST(NameColorTest, ANameKeepsItsColour) {
  EXPECT_EQ(color_of("ada").number, 32);
  EXPECT_EQ(color_of("bob").number, 27);
  EXPECT_EQ(color_of("小明").number, 100);
  EXPECT_EQ(color_of("ADA").number, color_of("ada").number);
  EXPECT_EQ(color_of("ａｄａ").number, color_of("ada").number);
}

TEST(NameColorTest, ManyNamesUseAllColours) {
  std::array<int, kNameColors.size()> uses{};
  for (int i = 0; i < 1200; ++i) {
    const NameColor& color = color_of("user" + std::to_string(i));
    ++uses.at(static_cast<std::size_t>(&color - kNameColors.data()));
  }
  EXPECT_GT(std::ranges::min(uses), 50);
  EXPECT_LT(std::ranges::max(uses), 200);
}

TEST(NameColorTest, AnyBytesHaveAColour) {
  EXPECT_EQ(color_of("", Colors::none), "");
  EXPECT_FALSE(color_of("", Colors::few).empty());
  EXPECT_FALSE(color_of("\xff\x1b", Colors::many).empty());
}

TEST(NameColorTest, TheTerminalAndTheUserSelectTheColours) {
  EXPECT_EQ(colors_of(nullptr, "xterm", nullptr), Colors::few);
  EXPECT_EQ(colors_of(nullptr, "linux", nullptr), Colors::few);
  EXPECT_EQ(colors_of(nullptr, "xterm-256color", nullptr), Colors::many);
  EXPECT_EQ(colors_of(nullptr, "tmux-direct", nullptr), Colors::many);
  EXPECT_EQ(colors_of(nullptr, "xterm-kitty", "truecolor"), Colors::many);
  EXPECT_EQ(colors_of("", "xterm", "24bit"), Colors::many);
  EXPECT_EQ(colors_of("1", "xterm-256color", "truecolor"), Colors::none);
  EXPECT_EQ(colors_of(nullptr, "dumb", "truecolor"), Colors::none);
  EXPECT_EQ(colors_of(nullptr, nullptr, nullptr), Colors::none);
}

TEST(NameColorTest, AColourIsASequenceOfThePalette) {
  EXPECT_EQ(color_of("bob", Colors::none), "");
  EXPECT_EQ(color_of("bob", Colors::many), color_of("bob").many);
  EXPECT_EQ(color_of("bob", Colors::few), color_of("bob").few);
}

}  // namespace
}  // namespace chatd::client
