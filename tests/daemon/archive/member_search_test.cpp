// SPDX-License-Identifier: GPL-3.0-or-later
// The search of a member in all of its rooms. That in one room is in member_lines_test.cpp.
#include "daemon/archive/member_search.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>

#include "common/wire/native/native_history.hpp"
#include "daemon/archive/member_lines.hpp"
#include "tests/daemon/archive/search_fixture.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kNewest = std::numeric_limits<std::uint64_t>::max();

class MemberSearchTest : public test::SearchFixture {
 protected:
  sys::Question question(std::string text, std::vector<sys::QuestionRoom> rooms) const {
    return {.id = 5,
            .way = static_cast<std::uint8_t>(wire::HistoryWay::search_all),
            .value = kNewest,
            .lines = lines_,
            .text = std::move(text),
            .rooms = std::move(rooms)};
  }
  sys::Answer ask(const sys::Question& question) {
    auto answer = answer_question(&database_, question);
    EXPECT_TRUE(answer.is_read);
    EXPECT_EQ(answer.id, question.id);
    return answer;
  }
  // "room#number" of all pages, the newest first, and the ends of the pages in ends_.
  std::vector<std::string> all_of(sys::Question question) {
    std::vector<std::string> all;
    ends_.clear();
    for (int pages = 0; pages < 1000; ++pages) {
      const auto answer = ask(question);
      for (auto line = answer.lines.rbegin(); line != answer.lines.rend(); ++line) {
        all.push_back(fmt::format("{}#{}", line->room, line->number));
      }
      ends_.push_back(
          fmt::format("{}#{}{}", answer.room, answer.first, answer.has_older ? "" : " end"));
      if (!answer.has_older) return all;
      for (const auto& room : question.rooms) {
        if (room.id == answer.room) question.room = room;
      }
      question.value = answer.first;
    }
    ADD_FAILURE() << "the search does not end";
    return all;
  }
  std::uint8_t lines_{2};
  std::vector<std::string> ends_;
};

TEST_F(MemberSearchTest, TheLinesOfAllRoomsComeInTheOrderInWhichTheyWereStored) {
  say({"tea one"}, 1);
  say({"tea two"}, 0);
  say({"tea three"}, 2);
  say({"coffee", "tea four"}, 1);
  say({"tea five"}, 0);
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    EXPECT_THAT(all_of(question("tea", {{.id = 0}, {.id = 1}, {.id = 2}})),
                ElementsAre("0#1", "1#2", "2#0", "0#0", "1#0"));
    EXPECT_THAT(ends_, ElementsAre("1#1", "0#0", "1#0 end"));
    EXPECT_THAT(all_of(question("tea", {{.id = 0}, {.id = 2}})), ElementsAre("0#1", "2#0", "0#0"));
  }
}

// The same lines, pages and places to go on, whatever is said elsewhere.
TEST_F(MemberSearchTest, PagesAreTheSameWhateverIsSaidInRoomsThatWereNotAskedFor) {
  std::mt19937_64 random{7};
  const std::vector<sys::QuestionRoom> mine{{.id = 1}, {.id = 2, .from = 3}, {.id = 3}};
  for (int line = 0; line < 60; ++line) {
    say({line % 3 == 0 ? "tea" : "coffee"}, 1 + static_cast<std::uint32_t>(random() % 3));
  }
  const auto lines = all_of(question("tea", mine));
  const auto ends = ends_;
  ASSERT_GT(lines.size(), 5U);

  database_ = HistoryDb::open(directory_ / "other.db", 1, test::kLargeDatabase, [] {}).value();
  next_.assign(next_.size(), 0);
  random.seed(7);
  for (int line = 0; line < 60; ++line) {
    for (int other = 0; other < 5; ++other) say({"tea"}, 4);
    say({line % 3 == 0 ? "tea" : "coffee"}, 1 + static_cast<std::uint32_t>(random() % 3));
  }
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    EXPECT_EQ(all_of(question("tea", mine)), lines);
    EXPECT_EQ(ends_, ends);
  }
}

TEST_F(MemberSearchTest, LinesBeforeTheFirstReadableOneAreNotFound) {
  say({"tea", "tea", "tea"}, 1);
  say({"tea"}, 2);
  lines_ = 50;
  EXPECT_THAT(all_of(question("tea", {{.id = 1, .from = 2}, {.id = 2, .from = 1}})),
              ElementsAre("1#2"));
  EXPECT_THAT(ends_, ElementsAre("1#2 end"));
  EXPECT_THAT(all_of(question("tea", {{.id = 1, .from = 3}, {.id = 9}})), IsEmpty());
}

// A number that the member cannot know says nothing of the order of lines.
TEST_F(MemberSearchTest, AQuestionFromBelowTheFirstReadableLineBeginsAtThatLine) {
  say({"secret"}, 1);
  say({"tea"}, 2);
  say({"secret", "open"}, 1);
  say({"tea"}, 2);
  auto asked = question("tea", {{.id = 1, .from = 2}, {.id = 2}});
  asked.room = asked.rooms[0];
  for (const std::uint64_t value : {0U, 1U, 2U}) {
    asked.value = value;
    const auto answer = ask(asked);
    ASSERT_EQ(answer.lines.size(), 1U) << value;
    EXPECT_EQ(answer.lines[0].number, 0U);
  }
}

TEST_F(MemberSearchTest, ASearchGoesOnBehindALineThatWasErasedMeanwhile) {
  say({"tea"}, 1);
  say({"tea"}, 2);
  say({"tea"}, 1);
  say({"tea"}, 2);
  lines_ = 1;
  auto asked = question("tea", {{.id = 1}, {.id = 2}});
  const auto first = ask(asked);
  ASSERT_EQ(first.lines.size(), 1U);
  asked.room.id = first.room;
  asked.value = first.first;
  ASSERT_TRUE(database_.file().run("DELETE FROM message WHERE id = 4"));
  const auto next = ask(asked);
  ASSERT_EQ(next.lines.size(), 1U);
  EXPECT_EQ(next.lines[0].room, 1U);
  EXPECT_EQ(next.lines[0].number, 1U);
}

// A batch has its rooms one after the other.
TEST_F(MemberSearchTest, TheLinesOfAPageAreInTheOrderOfTheirTimes) {
  at_ = 2'000'000;
  say({"tea", "tea"}, 1);
  at_ = 1'000'000;
  say({"tea"}, 2);
  lines_ = 50;
  EXPECT_THAT(all_of(question("tea", {{.id = 1}, {.id = 2}})), ElementsAre("1#1", "1#0", "2#0"));
  // The clock was corrected: the lines of a room stay in their order.
  at_ = 500'000;
  say({"tea"}, 1);
  EXPECT_THAT(all_of(question("tea", {{.id = 1}, {.id = 2}})),
              ElementsAre("1#2", "1#1", "1#0", "2#0"));
}

TEST_F(MemberSearchTest, WithoutARoomOrAQueryThereIsNothing) {
  say({"tea"}, 1);
  EXPECT_THAT(ask(question("tea", {})).lines, IsEmpty());
  EXPECT_THAT(ask(question("", {{.id = 1}})).lines, IsEmpty());
}

}  // namespace
}  // namespace chatd::archive
