// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/since.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

// 2026-11-20 23:15:04 UTC
constexpr WallTime kNow{Micros{1'795'216'504'000'000}};

class Since : public ::testing::Test {
 protected:
  Since() { set_zone("UTC"); }
  ~Since() override { set_zone("UTC"); }
  static void set_zone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  // The result as text, in UTC.
  static std::string since(std::string_view text) {
    const auto time = parse_since(text, kNow);
    return time ? to_rfc3339(*time) : "wrong";
  }
};

TEST_F(Since, IsALengthBeforeNow) {
  EXPECT_EQ(since("10m"), "2026-11-20T23:05:04.000Z");
  EXPECT_EQ(since("1d"), "2026-11-19T23:15:04.000Z");
}

TEST_F(Since, IsATimeInTheZoneOfTheUser) {
  set_zone("XYZ-8");  // eight hours before UTC
  EXPECT_EQ(since("2026-11-29T10:00"), "2026-11-29T02:00:00.000Z");
  EXPECT_EQ(since("2026-11-29T10:00:30"), "2026-11-29T02:00:30.000Z");
  EXPECT_EQ(since("2026-11-29"), "2026-11-28T16:00:00.000Z");
  EXPECT_EQ(since("2026-11-29T10:00Z"), "2026-11-29T10:00:00.000Z");
}

TEST_F(Since, IsAlsoATimeOfTodayOrOfAnotherZone) {
  set_zone("XYZ-8");  // it is the 21st there
  EXPECT_EQ(since("06:30"), "2026-11-20T22:30:00.000Z");
  EXPECT_EQ(since("2026-11-29 10:00"), "2026-11-29T02:00:00.000Z");
  EXPECT_EQ(since("2026-11-29T10:00+01:00"), "2026-11-29T09:00:00.000Z");
  EXPECT_EQ(since("2026-11-29 10:00:30-05:30"), "2026-11-29T15:30:30.000Z");
}

TEST_F(Since, HasNoOtherForm) {
  for (const char* wrong : {"",
                            "10",
                            "10 m",
                            "0m",
                            "yesterday",
                            "2026-13-01",
                            "2026-02-30",
                            "2026-11-29T10",
                            "2026-11-29Z",
                            "2026-11-29T25:00",
                            "24:00",
                            "7:00",
                            "10:00Z",
                            "2026-11-29+08:00",
                            "2026-11-29T10:00+24:00",
                            "2026-11-29T10:00+8:00",
                            "2026-11-29T10:00:00ZZ",
                            "2026-11-29T10:00:00.5Z",
                            "29.11.2026",
                            "Z"}) {
    EXPECT_EQ(since(wrong), "wrong") << wrong;
  }
}

}  // namespace
}  // namespace chatd::client
