// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/question_turns.hpp"

#include <gtest/gtest.h>

namespace chatd::archive {
namespace {

using std::chrono::milliseconds;

class QuestionTurnsTest : public ::testing::Test {
 protected:
  void add(std::uint64_t id) { turns_.add({.id = id}, now_); }
  std::optional<Micros> wait(bool messages_wait = false) {
    return turns_.wait(now_, messages_wait);
  }

  QuestionTurns turns_;
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(QuestionTurnsTest, AQuestionIsAnsweredAtOnce) {
  EXPECT_EQ(wait(), std::nullopt);
  add(1);
  EXPECT_EQ(wait(), Micros{0});
  EXPECT_EQ(turns_.take().id, 1U);
  EXPECT_EQ(wait(), std::nullopt);
}

TEST_F(QuestionTurnsTest, ARestFollowsThreeTimesAsLongAsTheAnswer) {
  add(1);
  (void)turns_.take();
  const MonoTime begun = now_;
  now_ += milliseconds{10};
  turns_.answered(begun, now_);
  add(2);
  EXPECT_EQ(wait(), milliseconds{30});
  now_ += milliseconds{29};
  EXPECT_EQ(wait(), milliseconds{1});
  now_ += milliseconds{1};
  EXPECT_EQ(wait(), Micros{0});
}

// A hundred questions without pause: the time between them is for messages.
TEST_F(QuestionTurnsTest, QuestionsWithoutPauseTakeAQuarterOfTheTime) {
  const MonoTime start = now_;
  Micros busy{0};
  for (std::uint64_t id = 0; id < 100; ++id) {
    add(id);
    now_ += *wait();
    (void)turns_.take();
    const MonoTime begun = now_;
    now_ += Micros{700 + 13 * static_cast<int>(id)};
    busy += now_ - begun;
    turns_.answered(begun, now_);
  }
  add(100);
  now_ += *wait();
  EXPECT_EQ(4 * busy, now_ - start);
}

TEST_F(QuestionTurnsTest, MessagesGoFirstForASecond) {
  add(1);
  EXPECT_EQ(wait(true), QuestionTurns::kLookAgain);
  now_ += QuestionTurns::kLongest - Micros{1};
  EXPECT_EQ(wait(true), QuestionTurns::kLookAgain);
  EXPECT_EQ(wait(false), Micros{0});
  now_ += Micros{1};
  EXPECT_EQ(wait(true), Micros{0});
}

TEST_F(QuestionTurnsTest, TheRestHoldsAlsoForAQuestionThatHasWaitedLong) {
  add(1);
  add(2);
  (void)turns_.take();
  turns_.answered(now_, now_ + std::chrono::seconds{2});
  now_ += std::chrono::seconds{2};
  EXPECT_EQ(wait(true), std::chrono::seconds{6});
}

// Only gateways that die in a row leave so many.
TEST_F(QuestionTurnsTest, OfTooManyTheOldestAreDropped) {
  for (std::uint64_t id = 1; id <= QuestionTurns::kMaxWaiting + 2; ++id) add(id);
  EXPECT_EQ(turns_.take().id, 3U);
}

}  // namespace
}  // namespace chatd::archive
