// SPDX-License-Identifier: GPL-3.0-or-later
// figures_test.cpp — payload, histogram, tally and medians of the benchmark.
#include <gmock/gmock.h>

#include "tests/bench/histogram.hpp"
#include "tests/bench/payload.hpp"
#include "tests/bench/results.hpp"
#include "tests/bench/tally.hpp"

namespace chatd::bench {
namespace {

std::string text_of(const Payload& payload) {
  std::string text(kPayloadBytes, ' ');
  write_payload(text.data(), payload);
  return text;
}

TEST(BenchPayload, IsReadFromTheEndOfALine) {
  const Payload sent{.publisher = 0xFFFE, .number = 0xABCDEF01, .due = Nanos{123'456'789'012'345}};
  const auto got = read_payload(":m0!m0@localhost PRIVMSG #room :" + text_of(sent));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->publisher, sent.publisher);
  EXPECT_EQ(got->number, sent.number);
  EXPECT_EQ(got->due, sent.due);
}

TEST(BenchPayload, OtherLinesHaveNoPayload) {
  EXPECT_FALSE(read_payload("m1 joined the chat"));
  EXPECT_FALSE(read_payload(std::string(kPayloadBytes, 'x')));
  std::string damaged = text_of({});
  damaged[5] = 'g';
  EXPECT_FALSE(read_payload(damaged));
}

TEST(BenchHistogram, HasAnErrorOfAtMostOneIn64) {
  Histogram histogram;
  for (int i = 1; i <= 100'000; ++i) histogram.add(std::chrono::microseconds{i});
  EXPECT_EQ(histogram.total(), 100'000U);
  for (const double share : {0.01, 0.5, 0.99}) {
    EXPECT_NEAR(histogram.ms(share), 100 * share, 100 * share / 64 + 0.001) << share;
  }
  EXPECT_EQ(histogram.ms(1), 100);
  histogram.clear();
  EXPECT_EQ(histogram.ms(0.5), 0);
}

TEST(BenchHistogram, AcceptsNegativeAndVeryLongDurations) {
  Histogram histogram;
  histogram.add(Nanos{-5});
  histogram.add(std::chrono::hours{24});
  EXPECT_EQ(histogram.at(0), Nanos{0});
  EXPECT_EQ(histogram.max(), std::chrono::hours{24});
}

class BenchTally : public ::testing::Test {
 protected:
  void receive(std::size_t member, std::uint32_t publisher, std::uint32_t number) {
    tally_.arrived(member, {.publisher = publisher, .number = number, .due = {}}, {});
  }
  Tally tally_{2, 2};
};

TEST_F(BenchTally, CountsEachMembersDeliveriesByPublisher) {
  for (std::uint32_t number = 0; number < 3; ++number) {
    receive(0, 0, number);
    receive(0, 1, number);
    receive(1, 0, number);
  }
  EXPECT_EQ(tally_.delivered(), 9U);
  EXPECT_EQ(tally_.repeated() + tally_.skipped() + tally_.invented(), 0U);
}

TEST_F(BenchTally, CountsRepeatedLateMissingAndInventedMessages) {
  receive(0, 0, 0);
  receive(0, 0, 0);
  EXPECT_EQ(tally_.repeated(), 1U);
  receive(0, 0, 4);
  EXPECT_EQ(tally_.skipped(), 3U);
  receive(0, 0, 2);
  EXPECT_EQ(tally_.repeated(), 2U);
  receive(1, 7, 0);
  EXPECT_EQ(tally_.invented(), 1U);
  EXPECT_EQ(tally_.delivered(), 2U);
}

TEST(BenchResults, ARatioIsTheMedianOfTheRoundsWithoutAFault) {
  Results results;
  for (const double slow : {1.0, 3.0, 10.0}) {
    results.add("w", "a", {.cpu_us = 2 * slow});
    results.add("w", "b", {.cpu_us = slow});
  }
  EXPECT_FALSE(results.has_fault());
  results.add("w", "a", {.cpu_us = 1000, .is_void = true});
  results.add("w", "b", {.cpu_us = 1});
  EXPECT_FALSE(results.has_fault()) << "a busy generator is not the server's fault";
  results.add("w", "a", {.cpu_us = 1000, .fault = "lost"});
  results.add("w", "b", {.cpu_us = 1});
  EXPECT_EQ(results.median_ratio({"w", "a", &Figures::cpu_us}, {"w", "b", &Figures::cpu_us}), 2);
  EXPECT_EQ(results.median("w", "a", &Figures::cpu_us), 6);
  EXPECT_EQ(results.median("w", "nobody", &Figures::cpu_us), std::nullopt);
  EXPECT_TRUE(results.has_fault());
}

}  // namespace
}  // namespace chatd::bench
