// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/programs.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(Programs, AreReadFromTheListOfTheServer) {
  const auto programs = read_programs(
      "1\t192.0.2.1:50000\t1795216504\t0\tthis\n4294967295\t[2001:db8::1]:9\t1795216000\t90");
  ASSERT_EQ(programs.size(), 2U);
  EXPECT_EQ(programs[0].number, 1U);
  EXPECT_EQ(programs[0].address, "192.0.2.1:50000");
  EXPECT_EQ(programs[0].since, WallTime{std::chrono::seconds{1'795'216'504}});
  EXPECT_EQ(programs[0].idle_seconds, 0U);
  EXPECT_TRUE(programs[0].is_this);
  EXPECT_EQ(programs[1].number, 4'294'967'295U);
  EXPECT_EQ(programs[1].address, "[2001:db8::1]:9");
  EXPECT_EQ(programs[1].idle_seconds, 90U);
  EXPECT_FALSE(programs[1].is_this);
}

TEST(Programs, WithoutANumberAreLeftOut) {
  EXPECT_TRUE(read_programs("").empty());
  EXPECT_TRUE(read_programs("\n\t\nx\tthere\t1\t1\n-1\tthere\n4294967296\tthere\n 2\tx").empty());
  EXPECT_EQ(read_programs("x\n2\tthere\n").size(), 1U);
}

TEST(Programs, HaveNoTimeThatIsNotPossible) {
  for (const char* row : {"2", "2\t", "2\tthere", "2\tthere\t0\t-1", "2\tthere\t-5\t4294967296",
                          "2\tthere\t253402300800\tx", "2\tthere\t9223372036854775807\t\tthat",
                          "2\tthere\t99999999999999999999\t1.5\tthis one"}) {
    const auto programs = read_programs(row);
    ASSERT_EQ(programs.size(), 1U) << row;
    EXPECT_EQ(programs[0].since, std::nullopt) << row;
    EXPECT_EQ(programs[0].idle_seconds, std::nullopt) << row;
    EXPECT_FALSE(programs[0].is_this) << row;
  }
}

TEST(Programs, HaveEachPossibleTime) {
  EXPECT_EQ(read_programs("2\tthere\t1").at(0).since, WallTime{std::chrono::seconds{1}});
  const auto last = read_programs("2\tthere\t253402300799").at(0).since;
  EXPECT_EQ(to_rfc3339(last.value_or(WallTime{})), "9999-12-31T23:59:59.000Z");
}

TEST(Programs, OfAHostileServerAreLimited) {
  std::string list;
  for (std::size_t i = 0; i < kMaxPrograms + 7; ++i) list += "1\tthere\n";
  EXPECT_EQ(read_programs(list).size(), kMaxPrograms);
}

TEST(Programs, OfALaterServerMayHaveMoreFields) {
  EXPECT_TRUE(read_programs("2\tthere\t1\t1\tthis\tuchat 9").at(0).is_this);
}

}  // namespace
}  // namespace chatd::client
