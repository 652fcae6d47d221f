// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>

#include <gmock/gmock.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(NumberKinds, AnIntegerOutOfItsRangeIsRefused) {
  EXPECT_EQ(config_of("limits.sessions = 1").limits.sessions, 1U);
  EXPECT_EQ(config_of("limits.sessions = 100_000").limits.sessions, 100000U);
  for (const std::string bad : {"0", "-1", "100001", "4294967297", "9223372036854775807"}) {
    EXPECT_THAT(
        problems_of("limits.sessions = " + bad),
        ElementsAre("chatd.toml:1: limits.sessions: " + bad + " is out of range: 1 to 100000"));
  }
}

TEST(NumberKinds, AnotherTypeThanAnIntegerIsRefused) {
  const std::string expected = ", expected an integer: 1 to 100000";
  const std::string found = "chatd.toml:1: limits.sessions: found ";
  EXPECT_THAT(problems_of("limits.sessions = 5.5"),
              ElementsAre(found + "a number (5.5)" + expected));
  EXPECT_THAT(problems_of("limits.sessions = \"20\""),
              ElementsAre(found + "a string (\"20\")" + expected));
  EXPECT_THAT(problems_of("limits.sessions = true"),
              ElementsAre(found + "a boolean (true)" + expected));
  EXPECT_THAT(problems_of("limits.sessions = [1]"), ElementsAre(found + "a list" + expected));
  EXPECT_THAT(problems_of("limits.sessions = {}"), ElementsAre(found + "a table" + expected));
  EXPECT_THAT(problems_of("limits.sessions = 07:30:00"),
              ElementsAre(found + "a date or time" + expected));
}

TEST(NumberKinds, ZeroCanHaveASpecialMeaning) {
  EXPECT_EQ(config_of("limits.sessions_per_address = 0").limits.sessions_per_address, 0U);
  EXPECT_EQ(config_of("workers.count = 0").workers.count, 0U);
  EXPECT_THAT(problems_of("workers.count = 17"),
              ElementsAre("chatd.toml:1: workers.count: 17 is out of range: "
                          "0 (as many as usable cores, at most 4) or 1 to 16"));
}

TEST(NumberKinds, ARateIsAnIntegerOrANumber) {
  EXPECT_EQ(config_of("limits.messages_per_second = 3").limits.messages_per_second, 3);
  EXPECT_EQ(config_of("limits.messages_per_second = 0.01").limits.messages_per_second, 0.01);
  EXPECT_EQ(config_of("limits.messages_per_second = 0").limits.messages_per_second, 0);
  for (const std::string bad : {"0.001", "-1", "100001", "nan", "inf"}) {
    EXPECT_THAT(problems_of("limits.messages_per_second = " + bad),
                ElementsAre("chatd.toml:1: limits.messages_per_second: " + bad +
                            " is out of range: 0 (no limit) or 0.01 to 100000"));
  }
}

TEST(NumberKinds, AMemorySizeIsAPowerOfTwo) {
  const std::string words = "a power of two, 65536 (64 KiB) to 1073741824 (1 GiB)";
  EXPECT_EQ(config_of("room.ring_bytes = 65536").room.ring_bytes, 65536U);
  EXPECT_EQ(config_of("room.ring_bytes = 0x4000_0000").room.ring_bytes, 1073741824U);
  EXPECT_THAT(problems_of("room.ring_bytes = 65537"),
              ElementsAre("chatd.toml:1: room.ring_bytes: 65537 is not a power of two: " + words));
  for (const std::string bad : {"32768", "2147483648", "-65536"}) {
    EXPECT_THAT(
        problems_of("room.ring_bytes = " + bad),
        ElementsAre("chatd.toml:1: room.ring_bytes: " + bad + " is out of range: " + words));
  }
  EXPECT_THAT(problems_of("room.ring_bytes = \"4M\""),
              ElementsAre("chatd.toml:1: room.ring_bytes: found a string (\"4M\"), "
                          "expected an integer: " +
                          words));
  EXPECT_EQ(config_of("rooms.ring_bytes = 4194304").rooms.ring_bytes, 4194304U);
  EXPECT_THAT(problems_of("rooms.ring_bytes = 100000"),
              ElementsAre("chatd.toml:1: rooms.ring_bytes: 100000 is not a power of two: a power "
                          "of two, 65536 (64 KiB) to 4194304 (4096 KiB)"));
}

TEST(NumberKinds, ADurationIsTextOrSeconds) {
  EXPECT_EQ(config_of("text.idle_timeout = 90").text.idle_timeout, 90s);
  EXPECT_EQ(config_of("text.idle_timeout = \"2h30m\"").text.idle_timeout, 150min);
  EXPECT_EQ(config_of("text.idle_timeout = 0").text.idle_timeout, 0s);
  EXPECT_EQ(config_of("text.idle_timeout = \"0s\"").text.idle_timeout, 0s);
  EXPECT_EQ(config_of("text.idle_timeout = \"10s\"").text.idle_timeout, 10s);
  EXPECT_EQ(config_of("text.idle_timeout = \"30d\"").text.idle_timeout, 720h);
  EXPECT_EQ(config_of("workers.hang_timeout = \"1500ms\"").workers.hang_timeout, 1500ms);
  EXPECT_EQ(config_of("workers.hang_timeout = 2").workers.hang_timeout, 2s);
}

TEST(NumberKinds, ADurationOutOfItsRangeIsRefused) {
  const std::string idle = "chatd.toml:1: text.idle_timeout: ";
  const std::string words = " is out of range: 0 (never) or 10s to 30d";
  EXPECT_THAT(problems_of("text.idle_timeout = 9"), ElementsAre(idle + "9s" + words));
  EXPECT_THAT(problems_of("text.idle_timeout = \"31d\""), ElementsAre(idle + "31d" + words));
  EXPECT_THAT(problems_of("text.idle_timeout = -1"), ElementsAre(idle + "-1" + words));
  EXPECT_THAT(problems_of("text.idle_timeout = 9223372036854775807"),
              ElementsAre(idle + "9223372036854775807" + words));
  EXPECT_THAT(problems_of("workers.hang_timeout = 0"),
              ElementsAre("chatd.toml:1: workers.hang_timeout: 0s is out of range: 1s to 5m"));
  EXPECT_THAT(problems_of("workers.hang_timeout = \"5m\""), IsEmpty());
}

TEST(NumberKinds, ADurationThatCannotBeReadIsExplained) {
  const std::string idle = "chatd.toml:1: text.idle_timeout: ";
  EXPECT_THAT(
      problems_of("text.idle_timeout = \"90\""),
      ElementsAre(idle + "\"90\": a unit is missing; write it like 90s, 5m, 2h30m or 500ms"));
  EXPECT_THAT(problems_of("text.idle_timeout = \"10500ms\""),
              ElementsAre(idle + "\"10500ms\" is not a whole number of seconds"));
  EXPECT_THAT(
      problems_of("text.idle_timeout = 90.0"),
      ElementsAre(idle + "found a number (90), expected a duration: 0 (never) or 10s to 30d"));
}

}  // namespace
}  // namespace chatd::config
