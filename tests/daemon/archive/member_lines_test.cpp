// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/member_lines.hpp"

#include <limits>
#include <optional>

#include <gmock/gmock.h>

#include "common/wire/native/native_history.hpp"
#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using test::batch;
using test::line;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::HistoryWay;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
constexpr state::RoomId kLab{7};

struct Asked {
  std::uint64_t from{0};
  std::uint8_t lines{3};
  state::RoomId room{state::kDefaultRoom};
  std::string text{};
  std::uint64_t born{0};
  std::uint64_t begin{0};
};

class MemberLinesTest : public test::HistoryDbFixture {
 protected:
  // Lines 0, 2, 4 ... 18 of the room, said at 0 s, 2 s ...
  void save_ten(state::RoomId room = state::kDefaultRoom, const std::string& name = "chat") {
    std::vector<Line> lines;
    for (std::uint64_t number = 0; number < 20; number += 2) {
      lines.push_back(line(number, fmt::format("{}{}", name, number), "ada",
                           static_cast<std::int64_t>(number) * 1'000'000));
    }
    save(*database_, batch(std::move(lines), room, name));
  }
  // The texts of the answer.
  std::vector<std::string> ask(HistoryWay way, std::uint64_t value,
                               const Asked& asked = {.from = 0}) {
    answer_ = answer_question(&*database_, {.id = 5,
                                            .room = {.id = static_cast<std::uint32_t>(asked.room),
                                                     .born = asked.born,
                                                     .begin = asked.begin,
                                                     .from = asked.from},
                                            .way = static_cast<std::uint8_t>(way),
                                            .value = value,
                                            .lines = asked.lines,
                                            .text = asked.text});
    EXPECT_EQ(answer_.id, 5U);
    EXPECT_TRUE(answer_.is_read);
    std::vector<std::string> texts;
    for (const auto& one : answer_.lines) texts.push_back(one.text);
    return texts;
  }
  // "older newer", or parts of it.
  std::string more() const {
    return std::string{answer_.has_older ? "older " : ""} + (answer_.has_newer ? "newer" : "");
  }

  std::optional<HistoryDb> database_{open()};
  sys::Answer answer_;
};

TEST_F(MemberLinesTest, BeforeTheLargestNumberAreTheNewestLines) {
  save_ten();
  EXPECT_THAT(ask(HistoryWay::before, kLargest), ElementsAre("chat14", "chat16", "chat18"));
  EXPECT_EQ(more(), "older ");
  EXPECT_EQ(answer_.first, 14U);
  EXPECT_EQ(answer_.last, 18U);
  EXPECT_EQ(answer_.lines[0].name, "ada");
  EXPECT_EQ(answer_.lines[0].person, 7U);
  EXPECT_EQ(answer_.lines[0].at, 14'000'000);
  EXPECT_EQ(answer_.lines[0].number, 14U);
}

TEST_F(MemberLinesTest, PagesGoBackToTheFirstLine) {
  save_ten();
  std::vector<std::string> all;
  std::uint64_t before = kLargest;
  do {
    const auto page = ask(HistoryWay::before, before);
    all.insert(all.begin(), page.begin(), page.end());
    before = answer_.first;
  } while (answer_.has_older);
  EXPECT_THAT(all, ElementsAre("chat0", "chat2", "chat4", "chat6", "chat8", "chat10", "chat12",
                               "chat14", "chat16", "chat18"));
}

TEST_F(MemberLinesTest, TheNumbersOfTheOtherWaysNeedNotBeStored) {
  save_ten();
  EXPECT_THAT(ask(HistoryWay::before, 5), ElementsAre("chat0", "chat2", "chat4"));
  EXPECT_EQ(more(), "newer");
  EXPECT_THAT(ask(HistoryWay::after, 5), ElementsAre("chat6", "chat8", "chat10"));
  EXPECT_EQ(more(), "older newer");
  EXPECT_THAT(ask(HistoryWay::after, 16), ElementsAre("chat18"));
  EXPECT_EQ(more(), "older ");
  EXPECT_THAT(ask(HistoryWay::around, 9, {0, 4, {}}),
              ElementsAre("chat6", "chat8", "chat10", "chat12"));
  EXPECT_EQ(more(), "older newer");
  EXPECT_THAT(ask(HistoryWay::around, 0, {0, 4, {}}), ElementsAre("chat0", "chat2"));
  EXPECT_EQ(more(), "newer");
}

TEST_F(MemberLinesTest, SinceATimeAreTheFirstLinesFromThenOn) {
  save_ten();
  EXPECT_THAT(ask(HistoryWay::since, 5'000'000), ElementsAre("chat6", "chat8", "chat10"));
  EXPECT_EQ(more(), "older newer");
  EXPECT_THAT(ask(HistoryWay::since, 6'000'000), ElementsAre("chat6", "chat8", "chat10"));
  EXPECT_THAT(ask(HistoryWay::since, 0), ElementsAre("chat0", "chat2", "chat4"));
  EXPECT_EQ(more(), "newer");
  EXPECT_THAT(ask(HistoryWay::since, kLargest), IsEmpty());
  EXPECT_THAT(ask(HistoryWay::since, 19'000'000), IsEmpty());
}

// A member gets nothing from before, and is not told that there is something.
TEST_F(MemberLinesTest, NothingBelowTheFirstReadableNumberIsInAnAnswer) {
  save_ten();
  for (const HistoryWay way :
       {HistoryWay::before, HistoryWay::after, HistoryWay::around, HistoryWay::since}) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{11},
                                      std::uint64_t{13}, std::uint64_t{14}, kLargest}) {
      for (const int lines : {1, 3, 50, 255}) {
        (void)ask(way, value, {.from = 12, .lines = static_cast<std::uint8_t>(lines)});
        for (const auto& one : answer_.lines) EXPECT_GE(one.number, 12U);
        EXPECT_FALSE(answer_.first <= 12 && answer_.has_older) << static_cast<int>(way) << value;
      }
    }
  }
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.from = 12, .lines = 50}),
              ElementsAre("chat12", "chat14", "chat16", "chat18"));
  EXPECT_EQ(more(), "");
  EXPECT_THAT(ask(HistoryWay::since, 0, {.from = 15, .lines = 50}),
              ElementsAre("chat16", "chat18"));
  EXPECT_EQ(more(), "");
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.from = kLargest, .lines = 50}), IsEmpty());
}

// The first readable number is one of the memory, and those of an answer are of the database.
TEST_F(MemberLinesTest, APageDoesNotAnnounceOlderLinesWhereNumbersHaveAJump) {
  save_ten();
  database_.reset();
  database_ = open(2);
  save(*database_, batch({line(0, "first"), line(1, "second", "ada", 30'000'000)}));
  EXPECT_THAT(ask(HistoryWay::since, 20'000'000, {.from = 1}), ElementsAre("second"));
  EXPECT_EQ(more(), "");
  EXPECT_THAT(ask(HistoryWay::after, 19, {.from = 1}), ElementsAre("second"));
  EXPECT_EQ(more(), "");
  EXPECT_THAT(ask(HistoryWay::after, 20, {.from = 1}), IsEmpty());
  EXPECT_EQ(more(), "older ");
}

TEST_F(MemberLinesTest, ARoomHasItsOwnLinesAlsoAnotherOneOfTheSameName) {
  save_ten();
  save_ten(kLab, "lab");
  save(*database_, batch({line(1, "of another lab")}, state::RoomId{8}, "lab"));
  EXPECT_THAT(ask(HistoryWay::before, 3, {.room = kLab}), ElementsAre("lab0", "lab2"));
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.room = state::RoomId{8}}),
              ElementsAre("of another lab"));
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.room = state::RoomId{9}}), IsEmpty());
  EXPECT_EQ(more(), "");
}

// The default room goes on in another history, with all of its lines.
TEST_F(MemberLinesTest, LinesOfAnEarlierHistoryOfTheDefaultRoomAreRead) {
  save_ten();
  database_.reset();
  database_ = open(2);
  save(*database_, batch({line(0, "new")}));
  EXPECT_THAT(ask(HistoryWay::before, kLargest), ElementsAre("chat16", "chat18", "new"));
  EXPECT_EQ(answer_.base, 19U);
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.room = kLab}), IsEmpty());
}

// After a cold start, also before the first line is stored again.
TEST_F(MemberLinesTest, ARoomThatGoesOnInAnotherHistoryIsFoundAtOnce) {
  save_ten();
  save_ten(kLab, "lab");
  database_.reset();
  database_ = open(2);
  for (const std::uint64_t begin : {19U, 0U}) {
    const std::uint64_t base = begin == 0 ? 19 : 0;  // its numbers go on, or begin anew
    EXPECT_THAT(ask(HistoryWay::before, kLargest, {.begin = begin}),
                ElementsAre("chat14", "chat16", "chat18"));
    EXPECT_EQ(answer_.base, base);
    EXPECT_THAT(ask(HistoryWay::before, kLargest, {.room = kLab, .born = 1, .begin = begin}),
                ElementsAre("lab14", "lab16", "lab18"));
    EXPECT_EQ(answer_.base, base);
  }
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.from = 1, .room = kLab, .born = 1}), IsEmpty())
      << "numbers that begin anew are behind all that are stored";
  EXPECT_THAT(ask(HistoryWay::before, kLargest, {.room = kLab, .born = 2}), IsEmpty())
      << "a new room with the number of an old one";
}

TEST_F(MemberLinesTest, AGapHasItsLastNumberAndNoText) {
  Batch gap = batch({line(9, "b")});
  gap.rooms[0].lines.insert(gap.rooms[0].lines.begin(), test::gap(2, 8));
  save(*database_, gap);
  EXPECT_THAT(ask(HistoryWay::before, kLargest), ElementsAre("", "b"));
  EXPECT_EQ(answer_.lines[0].kind, kGap);
  EXPECT_EQ(answer_.lines[0].number, 2U);
  EXPECT_EQ(answer_.lines[0].last, 8U);
}

TEST_F(MemberLinesTest, AGapBelowTheFirstReadableNumberIsCutOrNotInTheAnswer) {
  Batch gap = batch({line(9, "b"), line(10, "c", "ada", 9'000'000)});
  gap.rooms[0].lines.insert(
      gap.rooms[0].lines.begin(),
      {.sequence = 2, .at = 500'000, .kind = kGap, .author = {}, .text = {}, .last = 7});
  save(*database_, gap);
  const auto numbers = [this] {
    std::vector<std::string> all;
    for (const auto& one : answer_.lines) {
      all.push_back(fmt::format("{}-{}", one.number, one.last));
    }
    return all;
  };
  struct Case {
    HistoryWay way;
    std::uint64_t value;
    std::uint8_t lines;
    std::vector<std::string> numbers;
    std::string more;
  };
  for (const Case& one : std::vector<Case>{
           {HistoryWay::before, kLargest, 50, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::before, kLargest, 2, {"9-0", "10-0"}, "older "},
           {HistoryWay::before, kLargest, 3, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::before, 9, 2, {"5-7"}, "newer"},
           {HistoryWay::before, 6, 2, {"5-7"}, "newer"},
           {HistoryWay::before, 5, 2, {}, "newer"},
           {HistoryWay::after, 0, 2, {"5-7", "9-0"}, "newer"},
           {HistoryWay::after, 0, 1, {"5-7"}, "newer"},
           {HistoryWay::after, 0, 3, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::after, 5, 2, {"9-0", "10-0"}, "older "},
           {HistoryWay::around, 9, 50, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::around, 3, 50, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::since, 400'000, 50, {"5-7", "9-0", "10-0"}, ""},
           {HistoryWay::since, 600'000, 50, {"9-0", "10-0"}, "older "},
       }) {
    (void)ask(one.way, one.value, {.from = 5, .lines = one.lines});
    EXPECT_EQ(numbers(), one.numbers) << static_cast<int>(one.way) << ' ' << one.value;
    EXPECT_EQ(more(), one.more) << static_cast<int>(one.way) << ' ' << one.value;
  }
  (void)ask(HistoryWay::before, kLargest, {.from = 7});
  EXPECT_THAT(numbers(), ElementsAre("7-7", "9-0", "10-0"));
  (void)ask(HistoryWay::before, kLargest, {.from = 8});
  EXPECT_THAT(numbers(), ElementsAre("9-0", "10-0"));
  (void)ask(HistoryWay::before, kLargest, {.from = 2});
  EXPECT_THAT(numbers(), ElementsAre("2-7", "9-0", "10-0"));
}

TEST_F(MemberLinesTest, AnAnswerHasAtMostFiftyLinesAndLimitedBytes) {
  std::vector<Line> lines;
  for (std::uint64_t number = 0; number < 120; ++number) {
    lines.push_back(line(number, number < 60 ? std::string(900, 'x') : "short"));
  }
  save(*database_, batch(std::move(lines)));
  for (const int most : {0, 51, 255}) {
    const Asked asked{.lines = static_cast<std::uint8_t>(most)};
    EXPECT_EQ(ask(HistoryWay::before, kLargest, asked).size(), kMaxMemberLines);
  }
  const auto page = ask(HistoryWay::before, 60, {.lines = 50});
  EXPECT_LT(page.size(), kMaxMemberLines);
  EXPECT_LE(900 * (page.size() - 1), kMaxMemberBytes);
  EXPECT_EQ(more(), "older newer");
}

TEST_F(MemberLinesTest, WithoutADatabaseNothingIsRead) {
  const auto answer = answer_question(nullptr, {.id = 9});
  EXPECT_EQ(answer.id, 9U);
  EXPECT_FALSE(answer.is_read);
}

TEST_F(MemberLinesTest, AnUnknownWayHasNoLines) {
  save_ten();
  EXPECT_THAT(ask(HistoryWay{0}, 5), IsEmpty());
  EXPECT_THAT(ask(HistoryWay{255}, 5), IsEmpty());
}

TEST_F(MemberLinesTest, ASearchFindsTheNewestLinesOfTheRoomAndGoesOn) {
  save_ten();
  save_ten(kLab, "lab");
  std::vector<std::string> all;
  std::uint64_t value = kLargest;
  for (int pages = 0; pages < 10; ++pages) {
    auto texts = ask(HistoryWay::search, value, {.room = kLab, .text = "lab"});
    all.insert(all.begin(), texts.begin(), texts.end());
    if (!answer_.has_older) break;
    ASSERT_LT(answer_.first, value);
    value = answer_.first;
  }
  EXPECT_THAT(all, ElementsAre("lab0", "lab2", "lab4", "lab6", "lab8", "lab10", "lab12", "lab14",
                               "lab16", "lab18"));
  EXPECT_THAT(ask(HistoryWay::search, kLargest, {.room = kLab, .text = "chat"}), IsEmpty());
  EXPECT_THAT(ask(HistoryWay::search, 7, {.room = kLab, .text = "from:ada lab4"}),
              ElementsAre("lab4"));
  EXPECT_THAT(ask(HistoryWay::search, kLargest, {.room = kLab, .text = ""}), IsEmpty());
  EXPECT_THAT(ask(HistoryWay::search, 0, {.room = kLab, .text = "lab"}), IsEmpty());
}

TEST_F(MemberLinesTest, ASearchFindsNothingThatTheMemberMayNotRead) {
  save_ten();
  save_ten(kLab, "lab");
  EXPECT_THAT(ask(HistoryWay::search, kLargest, {.from = 15, .room = kLab, .text = "lab"}),
              ElementsAre("lab16", "lab18"));
  EXPECT_EQ(more(), "");
  EXPECT_THAT(ask(HistoryWay::search, kLargest, {.from = 15, .room = kLab, .text = "lab4"}),
              IsEmpty());
  EXPECT_EQ(more(), "");
  EXPECT_EQ(answer_.first, kLargest) << "nothing of where it was looked for";
}

}  // namespace
}  // namespace chatd::archive
