// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/size_probe.hpp"

#include <gtest/gtest.h>

namespace chatd::transport {
namespace {

using std::chrono::seconds;

TEST(SizeProbe, ClimbsTheLadderAsLongAsItIsAnswered) {
  SizeProbe probe;
  MonoTime now{seconds{1}};
  std::uint16_t current = wire::kBaseDatagram;
  for (const std::uint16_t rung : kProbeSizes) {
    EXPECT_EQ(probe.due(current, now), rung);
    EXPECT_EQ(probe.due(current, now), 0) << "one is on the way";
    probe.answered();
    current = rung;
  }
  EXPECT_EQ(probe.due(current, now), 0);
}

TEST(SizeProbe, TriesThreeTimesAndAgainTenMinutesLater) {
  SizeProbe probe;
  MonoTime now{seconds{1}};
  int sent = 0;
  for (int second = 0; second < 1000; ++second, now += seconds{1}) {
    if (probe.due(wire::kBaseDatagram, now) != 0) ++sent;
    if (second == 599) {
      EXPECT_EQ(sent, 3);
    }
  }
  EXPECT_EQ(sent, 6);
}

TEST(SizeProbe, AfterABlackHoleItWaits) {
  SizeProbe probe;
  const MonoTime now{seconds{1}};
  probe.give_up(now);
  EXPECT_EQ(probe.due(wire::kBaseDatagram, now + seconds{599}), 0);
  EXPECT_EQ(probe.due(wire::kBaseDatagram, now + seconds{600}), kProbeSizes.front());
}

}  // namespace
}  // namespace chatd::transport
