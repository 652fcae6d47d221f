// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/slow_times.hpp"

#include <gtest/gtest.h>

namespace chatd::chat {
namespace {

using std::chrono::seconds;

constexpr state::RoomId kLabRoom{1};
constexpr state::RoomId kDenRoom{2};
constexpr state::PersonId kAda{77};
constexpr state::PersonId kBob{78};

MonoTime at(std::int64_t time) { return MonoTime{seconds{1000 + time}}; }

TEST(SlowTimesTest, EachPersonWaitsInEachRoomSeparately) {
  SlowTimes times{8};
  EXPECT_TRUE(times.may_write(kLabRoom, kAda, seconds{5}, at(0)));
  times.note(kLabRoom, kAda, at(0));
  EXPECT_FALSE(times.may_write(kLabRoom, kAda, seconds{5}, at(4)));
  EXPECT_TRUE(times.may_write(kLabRoom, kAda, seconds{5}, at(5)));
  EXPECT_TRUE(times.may_write(kDenRoom, kAda, seconds{5}, at(0)));
  EXPECT_TRUE(times.may_write(kLabRoom, kBob, seconds{5}, at(0)));
}

TEST(SlowTimesTest, TheCurrentSettingOfTheRoomCounts) {
  SlowTimes times{8};
  times.note(kLabRoom, kAda, at(0));
  EXPECT_FALSE(times.may_write(kLabRoom, kAda, seconds{60}, at(10)));
  EXPECT_TRUE(times.may_write(kLabRoom, kAda, seconds{10}, at(10)));
}

TEST(SlowTimesTest, TheTableHasSpaceForAllSessions) {
  SlowTimes times{1000};
  constexpr std::uint64_t kRandom = 0x2545'F491'4F6C'DD1D;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    times.note(kLabRoom, state::PersonId{i * kRandom}, at(static_cast<std::int64_t>(i)));
  }
  int forgotten = 0;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    forgotten +=
        times.may_write(kLabRoom, state::PersonId{i * kRandom}, seconds{3600}, at(1000)) ? 1 : 0;
  }
  EXPECT_LT(forgotten, 50);
}

TEST(SlowTimesTest, TheOldestTimeIsForgotten) {
  SlowTimes times{1};  // 16 sets
  for (std::uint64_t i = 1; i <= 100'000; ++i) times.note(kLabRoom, state::PersonId{i}, at(1));
  times.note(kLabRoom, kAda, at(2));
  EXPECT_FALSE(times.may_write(kLabRoom, kAda, seconds{60}, at(3)));
}

}  // namespace
}  // namespace chatd::chat
