// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/search_query.hpp"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "common/wire/search_text.hpp"

namespace chatd::wire {
namespace {

using ::testing::ElementsAre;

const WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 30} +
                    std::chrono::hours{12}};

SearchQuery query(std::string_view text) {
  auto parsed = parse_search(text, kNow);
  EXPECT_TRUE(parsed) << text << ": " << words_of(parsed.error());
  return parsed.value_or(SearchQuery{});
}

bool finds(std::string_view text, std::string_view message) {
  return has_terms(query(text), folded_text(message));
}

TEST(SearchQuery, HasWordsPhrasesAndFilters) {
  const auto parsed = query("配置文件 \"Not  Found\" from:Bob in:#lab since:2026-11-01 Conf");
  EXPECT_THAT(parsed.terms,
              ElementsAre(SearchTerm{.text = "配置文件"}, SearchTerm{.text = "not  found"},
                          SearchTerm{.text = "conf", .is_prefix = true}));
  EXPECT_EQ(parsed.from, "bob");
  EXPECT_EQ(parsed.room, "lab");
  EXPECT_EQ(to_rfc3339(parsed.since.value()), "2026-11-01T00:00:00.000Z");
}

TEST(SearchQuery, OnlyTheLastWordWithoutQuotesOfThreeLettersIsABeginning) {
  EXPECT_TRUE(query("a conf from:bob").terms.back().is_prefix);
  EXPECT_FALSE(query("conf a").terms.front().is_prefix);
  EXPECT_FALSE(query("a \"conf\"").terms.back().is_prefix);
  EXPECT_FALSE(query("co").terms.back().is_prefix);
  EXPECT_FALSE(query("conf.").terms.back().is_prefix);
  EXPECT_FALSE(query("conf文").terms.back().is_prefix);
  EXPECT_TRUE(query("文conf").terms.back().is_prefix);
}

TEST(SearchQuery, SignsOfTheIndexOwnLanguageAreText) {
  for (const std::string text :
       {"AND", "a* OR b", "NEAR(a b)", "-a", "entry:a", "^a", "{a}", "a'b", "\"a", "a\"\"b",
        "from:", "in:", "in:#", "since:", "foo:bar", "*"}) {
    EXPECT_FALSE(query(text).terms.empty()) << text;
    EXPECT_EQ(query(text).from, "") << text;
    EXPECT_EQ(query(text).room, "") << text;
  }
  EXPECT_TRUE(finds("NEAR(a", "see near(a b)"));
  EXPECT_FALSE(finds("a* x", "ab x"));
}

TEST(SearchQuery, AFaultHasItsReason) {
  const auto fault = [](std::string_view text) { return parse_search(text, kNow).error(); };
  EXPECT_EQ(fault(""), SearchFault::empty);
  EXPECT_EQ(fault(" \u3000 \"\" "), SearchFault::empty);
  EXPECT_EQ(fault("in:#lab since:7d"), SearchFault::empty);
  EXPECT_EQ(fault(std::string(kMaxSearchBytes + 1, 'x')), SearchFault::too_long);
  EXPECT_EQ(fault("a b c d e f g h i j k l m n o p q"), SearchFault::too_many);
  EXPECT_EQ(fault("a\xff"), SearchFault::not_utf8);
  EXPECT_EQ(fault("a since:yesterday"), SearchFault::not_a_time);
  EXPECT_EQ(fault("a from:\u200b"), SearchFault::not_a_name);
  for (const auto one : {SearchFault::empty, SearchFault::too_long, SearchFault::too_many,
                         SearchFault::not_utf8, SearchFault::not_a_name, SearchFault::not_a_time}) {
    EXPECT_FALSE(words_of(one).empty());
  }
}

TEST(SearchQuery, AnAuthorAloneIsEnough) { EXPECT_EQ(query("from:ADA").from, "ada"); }

TEST(SearchTime, HasTheFormsOfSince) {
  const auto at = [](std::string_view text) {
    const auto time = parse_search_time(text, kNow);
    return time ? to_rfc3339(*time) : std::string{"none"};
  };
  EXPECT_EQ(at("10m"), "2026-11-30T11:50:00.000Z");
  EXPECT_EQ(at("7d"), "2026-11-23T12:00:00.000Z");
  EXPECT_EQ(at("10:30"), "2026-11-30T10:30:00.000Z");
  EXPECT_EQ(at("2026-11-29"), "2026-11-29T00:00:00.000Z");
  EXPECT_EQ(at("2026-11-29T10:00"), "2026-11-29T10:00:00.000Z");
  EXPECT_EQ(at("2026-11-29T10:00:30Z"), "2026-11-29T10:00:30.000Z");
  EXPECT_EQ(at("2026-11-29T10:00+08:00"), "2026-11-29T02:00:00.000Z");
  EXPECT_EQ(at("2026-11-29T10:00:00-00:30"), "2026-11-29T10:30:00.000Z");
  for (const char* text :
       {"", "x", "10", "10y", "-5d", "2026-02-30", "2026-11-29T25:00", "2026-11-29T10:00+8:00",
        "2026-11-29T10:00+24:00", "9999999d", "2026-11-29T10"}) {
    EXPECT_EQ(at(text), "none") << text;
  }
}

TEST(HasTerms, WordsEndAtTheEndsOfWords) {
  EXPECT_TRUE(finds("\"log\"", "the LOG."));
  EXPECT_FALSE(finds("\"log\"", "blog"));
  EXPECT_FALSE(finds("\"log\"", "logs"));
  EXPECT_TRUE(finds("log", "logs"));
  EXPECT_FALSE(finds("log", "blogs"));
  EXPECT_TRUE(finds("\"log\"", "blog log"));
  EXPECT_TRUE(finds("\"log\"", "看log文件"));
  EXPECT_TRUE(finds("c++", "C++ and c"));
  EXPECT_TRUE(finds("file_name", "a file_name here"));
  EXPECT_FALSE(finds("file_name", "file name"));
}

TEST(HasTerms, CharactersWithoutBlanksAreFoundAnywhere) {
  EXPECT_TRUE(finds("文件", "打开配置文件吧"));
  EXPECT_TRUE(finds("的", "我的天"));
  EXPECT_FALSE(finds("文 x", "文件"));
  EXPECT_TRUE(finds("的 配置", "我的配置"));
  EXPECT_FALSE(finds("\"文 件\"", "文件"));
}

TEST(HasTerms, AShortTermBesideALongOneDoesNotMatchEverything) {
  EXPECT_FALSE(finds("的 服务器", "一台服务器"));
  EXPECT_FALSE(finds("的 服务器", "我的"));
}

TEST(SearchQuery, InAllIsNoRoomAndInSharpAllIsOne) {
  EXPECT_EQ(query("tea in:all").room, "");
  EXPECT_EQ(query("tea in:#all").room, "all");
}

TEST(SearchQuery, APlaceIsSplitFromTheRest) {
  const auto split = [](std::string_view text) {
    const SearchPlace place = split_place(text);
    return fmt::format("{}|{}|{}", place.text, place.room.value_or("-"), place.is_all);
  };
  EXPECT_EQ(split("tea \"two  words\" from:bob"), "tea \"two  words\" from:bob|-|false");
  EXPECT_EQ(split("tea in:lab  since:2d"), "tea  since:2d|lab|false");
  EXPECT_EQ(split("in:#lab tea"), "tea|lab|false");
  EXPECT_EQ(split("tea in:all"), "tea|-|true");
  EXPECT_EQ(split("tea in:#all"), "tea|all|false");
  EXPECT_EQ(split("in:lab tea in:all"), "tea|-|true") << "the last one counts";
  EXPECT_EQ(split("tea \"in:lab\" in: in:#"), "tea \"in:lab\" in: in:#|-|false");
  EXPECT_EQ(split("in:lab"), "|lab|false");
  EXPECT_EQ(split(""), "|-|false");
}

}  // namespace
}  // namespace chatd::wire
