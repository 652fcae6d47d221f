// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/retention_clock.hpp"

#include <gmock/gmock.h>

#include "tests/support/log_lines.hpp"

namespace chatd::archive {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST_F(RetentionClockTest, FollowsAClockThatGoesAsTimePasses) {
  EXPECT_EQ(at(seconds{100}, days{20'000}), days{20'000});
  EXPECT_EQ(at(seconds{160}, days{20'000} + seconds{70}), days{20'000} + seconds{70});
  EXPECT_EQ(at(seconds{220}, days{20'000} + seconds{100}), days{20'000} + seconds{100});
  EXPECT_THAT(lines_.messages(), IsEmpty());
}

TEST_F(RetentionClockTest, AClockThatIsSetForwardIsBelievedAfterADay) {
  (void)at(seconds{100}, days{20'000});
  EXPECT_EQ(at(seconds{160}, days{29'000}), days{20'000} + seconds{60});
  EXPECT_EQ(at(hours{12}, days{29'000} + hours{12}), days{20'000} + hours{12} - seconds{100});
  EXPECT_EQ(at(hours{25}, days{29'000} + hours{25}), days{29'000} + hours{25});
  EXPECT_THAT(lines_.messages(), ::testing::ElementsAre(HasSubstr("the clock was set forward")));
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
