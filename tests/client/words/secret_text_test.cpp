// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/secret_text.hpp"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(SecretText, IsOverwrittenWithZeros) {
  for (const std::string_view secret : {"short", "one that is too long to be kept in the string"}) {
    std::string text{secret};
    const char* const bytes = text.data();  // valid while the string lives
    wipe(text);
    EXPECT_TRUE(text.empty());
    EXPECT_TRUE(std::all_of(bytes, bytes + secret.size(), [](char c) { return c == '\0'; }));
  }
}

TEST(SecretText, MayBeAnEmptyOptional) {
  std::optional<std::string> none;
  wipe(none);
  EXPECT_FALSE(none);
  std::optional<std::string> some{"sesame"};
  wipe(some);
  EXPECT_FALSE(some);
}

}  // namespace
}  // namespace chatd::client
