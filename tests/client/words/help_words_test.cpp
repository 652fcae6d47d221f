// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/help_words.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(HelpWords, AreFoundByTheirEnglishText) {
  EXPECT_EQ(help_words(wire::Language::zh, "Options"), "选项");
  EXPECT_EQ(help_words(wire::Language::en, "Options"), "Options");
  EXPECT_EQ(help_words(wire::Language::zh, "no such text"), "no such text");
}

}  // namespace
}  // namespace chatd::client
