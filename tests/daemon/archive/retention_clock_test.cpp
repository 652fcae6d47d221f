// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/retention_clock.hpp"

#include <gmock/gmock.h>

#include "tests/support/log_lines.hpp"

namespace chatd::archive {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RetentionClockTest : public ::testing::Test {
 protected:
  // Seconds since 1970 at this monotonic time.
  [[nodiscard]] seconds at(seconds mono, seconds wall) {
    RetentionClock clock{figures_};
    const WallTime now = clock.now(MonoTime{} + mono, WallTime{} + wall);
    return std::chrono::duration_cast<seconds>(now.time_since_epoch());
  }

  test::LogLines lines_;
  state::ArchiveFigures figures_{};
};

TEST_F(RetentionClockTest, IsTheClockIfNoStepIsLarge) {
  EXPECT_EQ(at(seconds{100}, days{20'000}), days{20'000});
  EXPECT_EQ(at(seconds{160}, days{20'000} + seconds{70}), days{20'000} + seconds{70});
  EXPECT_EQ(at(seconds{220}, days{20'000} + seconds{100}), days{20'000} + seconds{100});
  EXPECT_THAT(lines_.messages(), IsEmpty());
}

TEST_F(RetentionClockTest, FollowsAStepOfAMinuteAndNotALargerOne) {
  const auto right = [](seconds mono) { return seconds{days{20'000}} + mono; };
  (void)at(seconds{100}, right(seconds{100}));
  EXPECT_EQ(at(seconds{160}, right(seconds{160 + 60})), right(seconds{160 + 60}));
  EXPECT_THAT(lines_.messages(), IsEmpty());
  EXPECT_EQ(at(seconds{220}, right(seconds{220 + 60 + 61})), right(seconds{220 + 60}));
  EXPECT_THAT(lines_.messages(), ElementsAre(HasSubstr("the clock is ahead by 1 minutes")));
}

// A minute more than the clock was ahead during the whole day is no second step.
TEST_F(RetentionClockTest, AfterADayAStepOfAMinuteIsFollowedAndNotALargerOne) {
  for (const seconds step : {seconds{60}, seconds{61}}) {
    figures_.retention_mono = 0;
    const auto right = [](seconds mono) { return seconds{days{20'000}} + mono; };
    (void)at(seconds{1}, right(seconds{1}));
    (void)at(hours{1}, right(hours{1}) + minutes{10});
    const seconds believed = minutes{10} + (step == seconds{60} ? step : seconds{0});
    EXPECT_EQ(at(hours{25}, right(hours{25}) + minutes{10} + step), right(hours{25}) + believed);
  }
}

TEST_F(RetentionClockTest, BelievesTheClockIfTheMonotonicOneBeginsAnew) {
  const seconds later = days{29'000};
  (void)at(seconds{100}, days{20'000});
  (void)at(seconds{160}, later);
  EXPECT_EQ(at(seconds{50}, later), later) << "the machine was started again";
  EXPECT_EQ(at(seconds{110}, later + seconds{60}), later + seconds{60});
  EXPECT_EQ(at(seconds{170}, later + days{1}), later + seconds{120}) << "set forward again";
  EXPECT_THAT(lines_.messages(), SizeIs(2)) << "the first time of waiting is over";
}

TEST_F(RetentionClockTest, AClockThatIsSetForwardIsBelievedAfterADay) {
  (void)at(seconds{100}, days{20'000});
  EXPECT_EQ(at(seconds{160}, days{29'000}), days{20'000} + seconds{60});
  const seconds wrong = days{29'000} - seconds{160};  // at the monotonic time 0
  EXPECT_EQ(at(hours{12}, wrong + hours{12}), days{20'000} + hours{12} - seconds{100});
  EXPECT_EQ(at(hours{25}, wrong + hours{25}), wrong + hours{25});
  EXPECT_THAT(lines_.messages(), ElementsAre(HasSubstr("the clock is ahead by 12959999 minutes")));
}

TEST_F(RetentionClockTest, AClockThatIsSetForwardASecondTimeIsBelievedByTheFirstOneOnly) {
  const auto right = [](seconds mono) { return seconds{days{20'000}} + mono; };
  (void)at(seconds{1}, right(seconds{1}));
  (void)at(hours{1}, right(hours{1}) + minutes{10});
  EXPECT_EQ(at(hours{24}, right(hours{24}) + days{365}), right(hours{24}));
  EXPECT_EQ(at(hours{25}, right(hours{25}) + days{365}), right(hours{25}) + minutes{10});
  EXPECT_EQ(at(hours{48}, right(hours{48}) + days{365}), right(hours{48}) + minutes{10});
  EXPECT_EQ(at(hours{49}, right(hours{49}) + days{365}), right(hours{49}) + days{365});
  EXPECT_THAT(lines_.messages(), ElementsAre(HasSubstr("the clock is ahead by 10 minutes"),
                                             HasSubstr("the clock is ahead by 525590 minutes")));
}

TEST_F(RetentionClockTest, AClockThatIsPartlySetBackIsBelievedByWhatIsLeft) {
  const auto right = [](seconds mono) { return seconds{days{20'000}} + mono; };
  (void)at(seconds{1}, right(seconds{1}));
  (void)at(hours{1}, right(hours{1}) + days{365});
  (void)at(hours{2}, right(hours{2}) + minutes{10});
  (void)at(hours{24}, right(hours{24}) + days{365});
  EXPECT_EQ(at(hours{25}, right(hours{25}) + days{365}), right(hours{25}) + minutes{10});
}

// The monotonic clock stands while the machine is suspended, so the clock is ahead after it.
TEST_F(RetentionClockTest, AMachineThatIsSuspendedEachDayDeletesAFewDaysLate) {
  seconds mono{100};
  seconds wall{days{20'000}};
  (void)at(mono, wall);
  for (int day = 0; day < 60; ++day) {
    for (int hour = 0; hour < 16; ++hour) (void)at(mono += hours{1}, wall += hours{1});
    wall += hours{8};
  }
  EXPECT_GE(at(mono, wall), wall - days{2});
}

TEST_F(RetentionClockTest, AClockThatIsSetBackIsBelievedAtOnce) {
  (void)at(seconds{100}, days{20'000});
  (void)at(seconds{160}, days{29'000});
  EXPECT_EQ(at(seconds{220}, days{20'000} + seconds{120}), days{20'000} + seconds{120});
  EXPECT_EQ(at(seconds{280}, days{10'000}), days{10'000});
  EXPECT_EQ(at(seconds{340}, days{20'000}), days{10'000} + seconds{60}) << "set forward again";
}

}  // namespace
}  // namespace chatd::archive
