// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/start_words.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(StartWords, ExistInBothLanguagesWithTheSamePlaceholders) {
  for (int i = 0; i < static_cast<int>(StartWords::last_one); ++i) {
    const auto english = words(wire::Language::en, static_cast<StartWords>(i));
    const auto chinese = words(wire::Language::zh, static_cast<StartWords>(i));
    EXPECT_FALSE(english.empty()) << i;
    EXPECT_NE(english, chinese) << i;
    EXPECT_EQ(std::ranges::count(english, '{'), std::ranges::count(chinese, '{')) << english;
  }
}

TEST(StartWords, InsertTheirValues) {
  EXPECT_EQ(words(wire::Language::en, StartWords::key_meant, "rooms"),
            "unknown key; did you mean rooms?");
}

}  // namespace
}  // namespace chatd::client
