// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/history_pages.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using wire::HistoryWay;

// The lines `first` to `last` as a page of that request.
HistoryPage page(const HistoryRequest& request, std::uint64_t first, std::uint64_t last,
                 bool has_older, bool has_newer) {
  HistoryPage page{.request = request,
                   .first = first,
                   .last = last,
                   .has_older = has_older,
                   .has_newer = has_newer};
  for (std::uint64_t number = first; number <= last; ++number) {
    page.lines.push_back({.kind = 3, .number = number});
  }
  return page;
}

void expect_lines(const HistoryPages& pages, std::uint64_t first, std::uint64_t last) {
  ASSERT_EQ(pages.lines().size(), last - first + 1);
  for (std::uint64_t i = 0; i <= last - first; ++i) EXPECT_EQ(pages.lines()[i].number, first + i);
}

TEST(HistoryPages, GoBackUntilThereAreEnoughLines) {
  HistoryPages pages{{.lines = 70, .before = 1000}};
  auto request = pages.begin("lab");
  EXPECT_EQ(request, (HistoryRequest{.room = "lab", .value = 1000, .lines = 50}));
  auto next = pages.take(page(request, 950, 999, true, true));
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, (HistoryRequest{.room = "lab", .value = 950, .lines = 20}));
  EXPECT_FALSE(pages.take(page(*next, 930, 949, true, true)));
  EXPECT_TRUE(pages.is_whole());
  expect_lines(pages, 930, 999);
  EXPECT_EQ(pages.result().first, 930U);
  EXPECT_EQ(pages.result().last, 999U);
  EXPECT_TRUE(pages.result().has_older);
  EXPECT_TRUE(pages.result().has_newer);
}

TEST(HistoryPages, EndWhereNothingOlderIsKept) {
  HistoryPages pages{{.lines = 1000}};
  const auto request = pages.begin("");
  EXPECT_EQ(request.value, ShownHistory::kNone);
  const auto next = pages.take(page(request, 11, 60, true, false));
  ASSERT_TRUE(next);
  EXPECT_FALSE(pages.take(page(*next, 1, 10, false, true)));
  EXPECT_TRUE(pages.is_whole());
  expect_lines(pages, 1, 60);
  EXPECT_FALSE(pages.result().has_older);
  EXPECT_FALSE(pages.result().has_newer);
}

TEST(HistoryPages, SinceATimeTheyGoForward) {
  HistoryPages pages{{.lines = 60, .since = WallTime{std::chrono::seconds{9}}}};
  const auto request = pages.begin("");
  EXPECT_EQ(request.way, HistoryWay::since);
  EXPECT_EQ(request.value, 9'000'000U);
  const auto next = pages.take(page(request, 100, 149, true, true));
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, (HistoryRequest{.way = HistoryWay::after, .value = 149, .lines = 10}));
  EXPECT_FALSE(pages.take(page(*next, 150, 159, true, false)));
  expect_lines(pages, 100, 159);
  EXPECT_EQ(pages.result().first, 100U);
  EXPECT_EQ(pages.result().last, 159U);
  EXPECT_TRUE(pages.result().has_older);
  EXPECT_FALSE(pages.result().has_newer);
}

TEST(HistoryPages, ATimeBefore1970IsTheFirstOne) {
  HistoryPages pages{{.since = WallTime{std::chrono::seconds{-9}}}};
  EXPECT_EQ(pages.begin("").value, 0U);
}

TEST(HistoryPages, ARefusalIsTheEnd) {
  HistoryPages pages{{.lines = 70}};
  EXPECT_FALSE(pages.take({.code = "nothing_stored", .text = "No."}));
  EXPECT_TRUE(pages.is_whole());
  EXPECT_TRUE(pages.result().is_refused());
}

// A hostile server says that there is always more.
TEST(HistoryPages, APageThatIsNotFurtherIsTheLast) {
  HistoryPages back{{.lines = 1000}};
  auto next = back.take(page(back.begin(""), 10, 20, true, false));
  ASSERT_TRUE(next);
  EXPECT_FALSE(back.take(page(*next, 10, 20, true, false)));
  EXPECT_TRUE(back.is_whole());
  HistoryPages forward{{.lines = 1000, .since = WallTime{}}};
  next = forward.take(page(forward.begin(""), 10, 20, true, true));
  ASSERT_TRUE(next);
  EXPECT_FALSE(forward.take(page(*next, 5, 20, true, true)));
  EXPECT_TRUE(forward.is_whole());
}

TEST(HistoryPages, NoMoreLinesAreKeptThanAreWanted) {
  HistoryPages pages{{.lines = 5}};
  EXPECT_FALSE(pages.take(page(pages.begin(""), 1, 50, true, false)));
  expect_lines(pages, 46, 50);
}

TEST(HistoryPages, ASearchGoesOnAlsoIfAPageHasNoLine) {
  HistoryPages pages{{.lines = 70, .text = "tea"}};
  const auto request = pages.begin("lab");
  EXPECT_EQ(request.way, HistoryWay::search);
  EXPECT_EQ(request.text, "tea");
  const auto next = pages.take({.request = request, .first = 100, .has_older = true});
  ASSERT_TRUE(next);
  EXPECT_EQ(
      *next,
      (HistoryRequest{
          .room = "lab", .way = HistoryWay::search, .value = 100, .lines = 50, .text = "tea"}));
  EXPECT_FALSE(pages.take(page(*next, 90, 99, false, false)));
  expect_lines(pages, 90, 99);
}

TEST(HistoryPages, ASearchInAllRoomsGoesOnInTheRoomOfThePage) {
  HistoryPages pages{{.lines = 4, .text = "tea in:all"}};
  auto request = pages.begin("");
  EXPECT_EQ(request, (HistoryRequest{.way = HistoryWay::search_all, .lines = 4, .text = "tea"}));
  auto first = page(request, 8, 9, true, false);
  first.first_room = 7;
  request = pages.take(first).value();
  EXPECT_EQ(request,
            (HistoryRequest{
                .way = HistoryWay::search_all, .value = 8, .lines = 2, .text = "tea", .at = 7}));
  // The number of another room may be larger.
  auto second = page(request, 20, 20, true, false);
  second.first_room = 9;
  request = pages.take(second).value();
  EXPECT_EQ(request.value, 20U);
  EXPECT_EQ(request.at, 9U);
  EXPECT_FALSE(pages.take(page(request, 1, 1, false, false)));
  EXPECT_TRUE(pages.is_whole());
  EXPECT_EQ(pages.lines().size(), 4U);
}

TEST(HistoryPages, ASearchInAllRoomsEndsAfterTheLargestNumberOfPages) {
  HistoryPages pages{{.text = "tea in:all"}};
  HistoryRequest request = pages.begin("");
  unsigned asked = 1;
  for (; asked < 5000; ++asked) {
    auto next = pages.take({.request = request, .first = 5, .has_older = true});
    if (!next) break;
    request = *next;
  }
  EXPECT_EQ(asked, HistoryPages::kMaxPagesOfAll);
  EXPECT_TRUE(pages.is_whole());
}

}  // namespace
}  // namespace chatd::client
