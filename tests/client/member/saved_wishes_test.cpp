// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/saved_wishes.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::SavedState;

class SavedWishesTest : public ::testing::Test {
 protected:
  void add(std::uint64_t number, std::uint64_t end) { wishes_.add(number, end, now_, report_); }
  void answer(std::uint64_t offset, SavedState state = SavedState::saved) {
    wishes_.on_frame({.offset = offset, .state = state}, now_, report_);
  }
  // The offset of the question that is due.
  std::optional<std::uint64_t> asked() {
    std::array<std::byte, 100> room{};
    wire::ByteWriter out{room};
    if (!wishes_.write(out, now_)) return std::nullopt;
    wire::ByteReader in{out.written()};
    return std::get<wire::SavedFrame>(wire::next_frame(in).value()).offset;
  }

  SavedWishes wishes_;
  MonoTime now_{seconds{100}};
  std::vector<std::string> reported_;
  SavedWishes::Report report_{[this](const Saved& saved) {
    reported_.push_back(fmt::format("{} {}", saved.number, wire::code_of(saved.state)));
  }};
};

TEST_F(SavedWishesTest, EachCommandIsAnsweredOnce) {
  add(1, 10);
  add(2, 20);
  answer(9);
  EXPECT_THAT(reported_, IsEmpty());
  answer(10);
  answer(10);
  answer(25);
  EXPECT_THAT(reported_, ElementsAre("1 done", "2 done"));
}

TEST_F(SavedWishesTest, AnAnswerMayComeBeforeTheAcknowledgement) {
  answer(10, SavedState::unknown);
  answer(30);
  add(1, 10);
  add(2, 20);
  EXPECT_THAT(reported_, ElementsAre("1 not_saved", "2 done"));
}

TEST_F(SavedWishesTest, OlderAnswersThatComeLateChangeNothing) {
  answer(30);
  answer(10);
  add(1, 20);
  EXPECT_THAT(reported_, ElementsAre("1 done"));
}

TEST_F(SavedWishesTest, EachStateHasItsReason) {
  add(1, 10);
  add(2, 20);
  add(3, 30);
  answer(10, SavedState::unknown);
  answer(20, SavedState::no_history);
  answer(30, SavedState{99});
  EXPECT_THAT(reported_, ElementsAre("1 not_saved", "2 no_history", "3 not_saved"));
}

TEST_F(SavedWishesTest, AsksAgainLessAndLessOften) {
  EXPECT_EQ(wishes_.deadline(), MonoTime::max());
  add(1, 10);
  add(2, 20);
  EXPECT_FALSE(asked());
  std::vector<int> intervals;
  for (MonoTime last = now_; intervals.size() < 6;) {
    now_ = wishes_.deadline();
    EXPECT_EQ(asked(), 20U);
    EXPECT_FALSE(asked());
    intervals.push_back(static_cast<int>((now_ - last) / seconds{1}));
    last = now_;
  }
  EXPECT_THAT(intervals, ElementsAre(1, 2, 4, 8, 8, 8));
  answer(10);
  EXPECT_EQ(wishes_.deadline(), now_ + seconds{1});
  answer(20);
  EXPECT_EQ(wishes_.deadline(), MonoTime::max());
}

TEST_F(SavedWishesTest, AnotherSessionAnswersNothingOfTheOneBefore) {
  add(1, 10);
  answer(5);
  wishes_.give_up(report_);
  EXPECT_THAT(reported_, ElementsAre("1 not_saved"));
  EXPECT_EQ(wishes_.deadline(), MonoTime::max());
  add(2, 5);
  EXPECT_THAT(reported_, ElementsAre("1 not_saved"));
}

TEST_F(SavedWishesTest, WithoutSpaceInThePacketTheQuestionStaysDue) {
  add(1, 10);
  now_ += seconds{1};
  std::array<std::byte, 5> room{};
  wire::ByteWriter out{room};
  EXPECT_FALSE(wishes_.write(out, now_));
  EXPECT_TRUE(wishes_.is_due(now_));
  EXPECT_EQ(asked(), 10U);
}

}  // namespace
}  // namespace chatd::client
