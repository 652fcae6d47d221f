// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/typed_words.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(TypedWords, ExistInBothLanguagesWithTheSamePlaceholders) {
  for (int i = 0; i < static_cast<int>(TypedWords::last_one); ++i) {
    const auto english = words(wire::Language::en, static_cast<TypedWords>(i));
    const auto chinese = words(wire::Language::zh, static_cast<TypedWords>(i));
    EXPECT_FALSE(english.empty()) << i;
    EXPECT_NE(english, chinese) << i;
    EXPECT_EQ(std::ranges::count(english, '{'), std::ranges::count(chinese, '{')) << english;
  }
}

TEST(TypedWords, InsertTheirValues) {
  EXPECT_EQ(words(wire::Language::en, TypedWords::now_named, "eve"), "you are eve now");
}

}  // namespace
}  // namespace chatd::client
