// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/nearest.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd {
namespace {

constexpr std::array<std::string_view, 4> kWords{"burst", "sessions", "sessions_per_address",
                                                 "message_bytes"};

TEST(EditDistance, CountsLettersChangedAddedLeftOutAndSwapped) {
  EXPECT_EQ(edit_distance("burst", "burst"), 0U);
  EXPECT_EQ(edit_distance("burts", "burst"), 1U);
  EXPECT_EQ(edit_distance("bust", "burst"), 1U);
  EXPECT_EQ(edit_distance("bursts", "burst"), 1U);
  EXPECT_EQ(edit_distance("barst", "burst"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("ab", "ba"), 1U);
  EXPECT_EQ(edit_distance("", ""), 0U);
}

TEST(EditDistance, IgnoresTheCaseOfLetters) {
  EXPECT_EQ(edit_distance("BuRsT", "burst"), 0U);
  EXPECT_EQ(edit_distance("BURTS", "burst"), 1U);
}

TEST(Nearest, FindsTheWordThatIsMeant) {
  EXPECT_EQ(nearest("burts", kWords), "burst");
  EXPECT_EQ(nearest("session", kWords), "sessions");
  EXPECT_EQ(nearest("sessions-per-adress", kWords), "sessions_per_address");
}

TEST(Nearest, OfTwoEquallyNearWordsTheFirstIsChosen) {
  constexpr std::array<std::string_view, 2> kTwins{"cat", "car"};
  EXPECT_EQ(nearest("cab", kTwins), "cat");
}

TEST(Nearest, FindsNothingForAVeryDifferentWord) {
  EXPECT_EQ(nearest("colour", kWords), std::nullopt);
  EXPECT_EQ(nearest("", kWords), std::nullopt);
  EXPECT_EQ(nearest("abcde", {}), std::nullopt);
}

TEST(Nearest, OneWrongLetterIsAllowedInShortWords) {
  constexpr std::array<std::string_view, 1> kShort{"en"};
  EXPECT_EQ(nearest("ene", kShort), "en");
  EXPECT_EQ(nearest("cn", kShort), "en");
  EXPECT_EQ(nearest("zz", kShort), std::nullopt);
}

TEST(Nearest, DoesNotSpendTimeOnHugeWords) {
  EXPECT_EQ(nearest(std::string(1'000'000, 'b'), kWords), std::nullopt);
}

TEST(Nearest, OrTheOnlyWordThatBeginsAlike) {
  const std::vector<std::string_view> words{"whois", "users", "listen", "mute", "unmute", "unban"};
  EXPECT_EQ(nearest_or_begun("who", words), "whois");
  EXPECT_EQ(nearest_or_begun("list", words), "listen");
  EXPECT_EQ(nearest_or_begun("LISTING", words), "listen");
  EXPECT_EQ(nearest_or_begun("usres", words), "users");
  EXPECT_EQ(nearest_or_begun("wh", words), std::nullopt) << "too short";
  EXPECT_EQ(nearest_or_begun("etc", words), std::nullopt);
}

}  // namespace
}  // namespace chatd
